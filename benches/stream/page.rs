//! Writes the figures into their page.

use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- figures: cargo bench --bench stream -->\n";
const END: &str = "<!-- end of the figures -->\n";

/// Replaces the figures between the two marks in docs/performance.md.
pub(crate) fn update(figures: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let (before, rest) = page.split_once(BEGIN).expect("the page has a mark where the figures begin");
    let (_, behind) = rest.split_once(END).expect("the page has a mark where the figures end");
    fs::write(path, format!("{before}{BEGIN}\n{figures}\n{END}{behind}")).expect("the page can be written");
}

/// Describes the machine: processor, cores, memory, system and load. Figures from a busy machine are not reliable.
pub(crate) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: String, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':').map_or("?", |(_, value)| value.trim()).to_owned()
    };
    let processor = value(read("/proc/cpuinfo"), "model name");
    let memory = value(read("/proc/meminfo"), "MemTotal");
    let gigabytes = memory.split(' ').next().and_then(|kilobytes| kilobytes.parse::<f64>().ok());
    let system = read("/proc/sys/kernel/osrelease");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let load = read("/proc/loadavg");
    format!(
        "{processor}, {cores} cores, {:.0} GB of memory, {} {}; load before the run {}",
        gigabytes.unwrap_or_default() * 1024.0 / 1e9,
        std::env::consts::OS,
        system.trim(),
        load.split(' ').next().unwrap_or("?"),
    )
}
