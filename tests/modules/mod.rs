//! The modules of a crate, and the imports between its files.

#![allow(clippy::expect_used, reason = "a helper of tests stops at what it does not expect")]

mod scan;

use scan::{Function, Path, Scanned};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{self, PathBuf};

/// The most re-exports that a name may pass through.
const MOST_RE_EXPORTS: usize = 8;

/// The files of a crate, by the paths of their modules; the path of the root is empty.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    modules: BTreeMap<Path, Module>,
}

#[derive(Clone, Debug)]
struct Module {
    file: String,
    text: String,
    scanned: Scanned,
}

/// The use of an item in another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Crate {
    /// Creates a crate from these files; the first one is its root.
    pub(crate) fn of<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Crate {
        let module = |(file, text): (&str, &str)| {
            let (file, text) = (file.to_owned(), text.to_owned());
            let scanned = Scanned::of(&text);
            (module_path(&file), Module { file, text, scanned })
        };
        let mut files = files.into_iter().map(module);
        let root = files.next().map(|(_, root)| (Path::new(), root));
        let mut modules: BTreeMap<Path, Module> = root.into_iter().chain(files).collect();
        let for_tests: Vec<Path> = modules
            .iter()
            .flat_map(|(path, module)| module.scanned.tests.iter().map(|name| child(path, name)))
            .collect();
        modules.retain(|path, _| !for_tests.iter().any(|tests| path.starts_with(tests)));
        Crate { modules }
    }

    /// Reads the crate in a folder, except for files below `but`.
    pub(crate) fn read(folder: &path::Path, root: &str, but: &str) -> Crate {
        let mut names = rust_files(folder);
        names.retain(|name| name != root && !name.starts_with(but));
        names.insert(0, root.to_owned());
        let read = |name: String| {
            let text = fs::read_to_string(folder.join(&name)).expect("the file is read");
            (name, text)
        };
        let texts: Vec<(String, String)> = names.into_iter().map(read).collect();
        Crate::of(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// Returns the modules that the root declares, in order.
    pub(crate) fn rooms(&self) -> &[String] {
        &self.modules[&Path::new()].scanned.children
    }

    /// Returns the files of the crate, except tests, with their texts.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.modules.values().map(|module| (module.file.as_str(), module.text.as_str()))
    }

    /// Returns the functions, each with its file and the text of that file.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (&str, &str, &Function)> {
        self.modules.values().flat_map(|module| {
            let functions = module.scanned.functions.iter();
            functions.map(|function| (module.file.as_str(), module.text.as_str(), function))
        })
    }

    /// Returns every path that a file names.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.modules
            .values()
            .flat_map(|module| module.scanned.named().map(|path| (module.file.as_str(), path)))
    }

    /// Returns the imports. A re-exported item counts as imported from the file that defines it.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let of = |(path, module): (&Path, &Module)| self.of_module(path, &module.file, &module.scanned);
        self.modules.iter().flat_map(of).collect()
    }

    /// Returns the additional imports of a file if it contained this text.
    pub(crate) fn planted(&self, file: &str, text: &str) -> BTreeSet<Import> {
        self.of_module(&module_path(file), file, &Scanned::of(text))
    }

    fn of_module(&self, module: &Path, from: &str, scanned: &Scanned) -> BTreeSet<Import> {
        let targets = scanned.named().filter_map(|path| self.target(module, path, MOST_RE_EXPORTS));
        let files = targets.map(|to| self.modules[&to].file.clone());
        files.filter(|to| to != from).map(|to| Import { from: from.to_owned(), to }).collect()
    }

    /// Returns the module that defines the item at a path, as seen from `module`; `None` for another crate.
    fn target(&self, module: &Path, path: &[String], depth: usize) -> Option<Path> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Path::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            name if self.modules.contains_key(&child(module, name)) => child(module, name),
            name => return self.target(module, &self.aliased(module, name, rest)?, depth.checked_sub(1)?),
        };
        while let Some((segment, behind)) = rest.split_first() {
            let below = child(&at, segment);
            match segment.as_str() {
                "super" => at = at[..at.len().checked_sub(1)?].to_vec(),
                _ if self.modules.contains_key(&below) => at = below,
                name => {
                    let aliased = self.aliased(&at, name, behind).zip(depth.checked_sub(1));
                    let defined = aliased.and_then(|(path, depth)| self.target(&at, &path, depth));
                    return Some(defined.unwrap_or(at));
                }
            }
            rest = behind;
        }
        Some(at)
    }

    /// Returns the full path of a name that a module has through a `use`, with the rest of the path.
    fn aliased(&self, module: &Path, name: &str, rest: &[String]) -> Option<Path> {
        let imports = &self.modules.get(module)?.scanned.imports;
        let import = imports.iter().find(|import| import.name.as_deref() == Some(name))?;
        // `use names;` would lead to itself.
        (import.path.len() > 1).then(|| [&import.path, rest].concat())
    }
}

/// Returns the groups of files that all import each other, directly or through other files.
pub(crate) fn circles(imports: &BTreeSet<Import>) -> BTreeSet<BTreeSet<&str>> {
    let files: BTreeSet<&str> = imports.iter().map(|import| import.from.as_str()).collect();
    let circles = files.into_iter().map(|file| circle_of(imports, file));
    circles.filter(|circle| !circle.is_empty()).collect()
}

/// Returns the group that contains a file; empty if there is none.
pub(crate) fn circle_of<'i>(imports: &'i BTreeSet<Import>, file: &str) -> BTreeSet<&'i str> {
    let edges = || imports.iter().map(|Import { from, to }| (from.as_str(), to.as_str()));
    let imported = reached(edges(), file);
    let importing = reached(edges().map(|(from, to)| (to, from)), file);
    imported.intersection(&importing).copied().collect()
}

/// Returns the files that edges reach from a file. It contains the file itself only if edges lead back to it.
fn reached<'i>(edges: impl Iterator<Item = (&'i str, &'i str)>, file: &str) -> BTreeSet<&'i str> {
    let mut behind: HashMap<&str, Vec<&str>> = HashMap::new();
    edges.for_each(|(from, to)| behind.entry(from).or_default().push(to));
    let mut found = BTreeSet::new();
    let mut open = behind.get(file).cloned().unwrap_or_default();
    while let Some(file) = open.pop() {
        if found.insert(file) {
            open.extend(behind.get(file).into_iter().flatten());
        }
    }
    found
}

/// Returns the path of a module: `yaml::scan::flow` for `yaml/scan/flow.rs`, `yaml` for `yaml/mod.rs`.
fn module_path(file: &str) -> Path {
    let mut path: Path = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    path.pop_if(|last| last == "mod");
    path
}

fn child(module: &Path, name: &str) -> Path {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// Returns every Rust file below a folder, by its path in that folder.
pub(crate) fn rust_files(folder: &path::Path) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.join(&below)).expect("the folder is there").flatten() {
            let path = below.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}
