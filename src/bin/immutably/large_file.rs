//! Reads a large file on several threads.
//!
//! Most of the time goes into the memory, not into the copy: the kernel provides and clears a page whenever the next
//! 4 KiB are written for the first time. For 30 MB this was 20 of 185 milliseconds on two threads, and one of them waited.

use crate::threads;
use immutably::text::parts;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, PoisonError};

/// Larger than any memory that glibc keeps when it is freed. If it kept some, it would take later memory of that size from
/// the heap instead of from the kernel, which made the whole run need 8 % more memory for 30 MB.
const NEVER_KEPT: usize = 32 << 20;

/// Reads the file from its current position to the end that it has now, and moves the position there. Returns `None`,
/// without moving, if the file is to be read in the ordinary way: pipes, small files, and files that become shorter.
pub(crate) fn read(mut file: &File, room: u64) -> Option<Vec<u8>> {
    let (start, size) = extent(file).filter(|(_, size)| *size as u64 <= room)?;
    let threads = threads::for_size(size);
    if threads < 2 {
        return None;
    }
    // Only `vec!` provides memory that is cleared when it is first used, and it aborts if there is too little.
    let mut enough: Vec<u8> = Vec::new();
    enough.try_reserve_exact(size.checked_add(NEVER_KEPT)?).ok()?;
    // Without `black_box`, the compiler may leave out memory that nothing uses.
    drop(std::hint::black_box(enough));
    let mut bytes = vec![0; size];
    let length = size.div_ceil(threads);
    let parts: Vec<(u64, Mutex<&mut [u8]>)> =
        (start..).step_by(length).zip(bytes.chunks_mut(length).map(Mutex::new)).collect();
    let read = parts::each(threads, &parts, |(at, part)| {
        file.read_exact_at(&mut part.lock().unwrap_or_else(PoisonError::into_inner), *at)
    });
    let whole =
        read.into_iter().all(|part| part.is_ok()) && file.seek(SeekFrom::Start(start + size as u64)).is_ok();
    whole.then_some(bytes)
}

/// Returns the position in a regular file, and the number of bytes after it.
fn extent(mut file: &File) -> Option<(u64, usize)> {
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let start = file.stream_position().ok()?;
    Some((start, usize::try_from(metadata.len().checked_sub(start)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[test]
    fn a_file_is_read_from_its_position_to_its_end() {
        let text: Vec<u8> = (0_u32..1 << 20).flat_map(u32::to_le_bytes).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&text).unwrap();
        for start in [0, 1, 4097] {
            file.seek(SeekFrom::Start(start)).unwrap();
            let read = read(&file, u64::MAX);
            // One thread, as on a machine with one core, leaves the file to others.
            assert!(read.is_none_or(|read| read == text[usize::try_from(start).unwrap()..]));
        }
        file.seek(SeekFrom::Start(5)).unwrap();
        assert!(read(&file, 100).is_none(), "the file has more bytes than there is room for");
        let mut rest = Vec::new();
        file.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, text[5..], "the position is as before");
    }
}
