//! Reads options and streams from bytes.

use immutably::Source;
use immutably::options::{Deployer, External, Hash, HelmSecrets, Jobs, Keep, Options, Pattern, Unreferenced};

/// The input of a target.
pub(crate) struct Input {
    pub(crate) options: Options,
    /// One or more streams.
    pub(crate) streams: Vec<Source>,
}

/// The line between two streams.
const BETWEEN: &str = "\n=====\n";
/// The maximum size in bytes. Larger inputs only cost time.
const MOST: usize = 1 << 16;

impl Input {
    /// Reads the options from the first line, which consists of digits and letters, and the streams from the rest.
    /// Returns `None` if the bytes are not text or too long.
    pub(crate) fn read(data: &[u8]) -> Option<Input> {
        let text = std::str::from_utf8(data).ok().filter(|text| text.len() <= MOST)?;
        let (head, streams) = text.split_once('\n')?;
        let name = |(number, text): (usize, &str)| Source::new(format!("{number}.yaml"), text).ok();
        let streams = streams.split(BETWEEN).take(3).enumerate().filter_map(name).collect();
        Some(Input { options: options(head.as_bytes()), streams })
    }
}

fn options(head: &[u8]) -> Options {
    let choice = |at: usize, count: u8| usize::from(head.get(at).copied().unwrap_or(b'0') % count);
    let all = || vec![Pattern::parse("*/*").expect("a pattern")];
    Options {
        unreferenced: [Unreferenced::Both, Unreferenced::Version, Unreferenced::Leave, Unreferenced::Error]
            [choice(0, 4)],
        hash: [Hash::Stored, Hash::Kustomize][choice(1, 2)],
        helm_secrets: [HelmSecrets::Both, HelmSecrets::Version][choice(2, 2)],
        by_helm: choice(3, 2) == 1,
        jobs: [Jobs::Version, Jobs::Original, Jobs::AsIs][choice(4, 3)],
        retain: if choice(5, 2) == 1 {
            vec![Deployer::Helm, Deployer::ArgoCd, Deployer::Kapp]
        } else {
            Vec::new()
        },
        checksum_left_alone: choice(6, 2) == 1,
        keep_original: if choice(7, 2) == 1 { all().into() } else { Vec::new().into() },
        leave: if choice(8, 6) == 1 { all().into() } else { Vec::new().into() },
        external: [External::Silent, External::List, External::Warn, External::Error][choice(9, 4)],
        namespace: (choice(10, 2) == 1).then(|| "prod".to_owned()),
        threads: 1 + choice(11, 2),
        no_well_known: choice(12, 2) == 1,
        keep: Keep(u32::try_from(choice(13, 4)).unwrap_or(0)),
        ..Options::default()
    }
}
