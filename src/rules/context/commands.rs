//! The shell command that a word belongs to, and what the command's arguments mean.

use super::nouns;
use super::said::Noun;

/// Programs that connect to hosts. Their arguments do not name a ConfigMap or Secret.
const NETWORK: [&str; 24] = [
    "nc",
    "ncat",
    "netcat",
    "curl",
    "wget",
    "ping",
    "dig",
    "nslookup",
    "getent",
    "telnet",
    "ssh",
    "psql",
    "pg_isready",
    "pg_dump",
    "redis-cli",
    "mysql",
    "mysqladmin",
    "mongo",
    "mongosh",
    "traceroute",
    "wait-for-it",
    "wait-for-it.sh",
    "wait-for",
    "nmap",
];
/// Words that may come before a command.
const LEADERS: [&str; 13] =
    ["until", "while", "if", "then", "do", "else", "elif", "exec", "sudo", "time", "timeout", "-c", "!"];
/// Flags of kubectl whose value is not the name of an object.
const VALUE_FLAGS: [&str; 14] = [
    "-n",
    "--namespace",
    "-o",
    "--output",
    "-l",
    "--selector",
    "-c",
    "--container",
    "--context",
    "--cluster",
    "--kubeconfig",
    "--field-selector",
    "--type",
    "-p",
];
/// Verbs of kubectl that only read an object.
const READS: [&str; 3] = ["get", "describe", "wait"];
/// Verbs of kubectl that write the objects of a file or of standard input.
const WRITES: [&str; 3] = ["apply", "create", "replace"];
/// Flags of kubectl that lead to another cluster or another namespace.
const ELSEWHERE: [&str; 11] = [
    "-n",
    "--namespace",
    "-A",
    "--all-namespaces",
    "--context",
    "--cluster",
    "--kubeconfig",
    "-s",
    "--server",
    "--as",
    "-f",
];

/// The command that is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    program: Program,
    /// True if the previous word cannot come before a command, so that the command has begun.
    started: bool,
    /// True if the next word is the value of a flag.
    value: bool,
    /// The kind of object that kubectl acts on.
    noun: Option<Noun>,
    reads: Reads,
    /// True if a flag selects another namespace or cluster.
    elsewhere: bool,
    /// The value of the flag before is the form of the output.
    form: bool,
    /// The output is the object as a whole, with its name.
    prints: bool,
    /// The verb writes objects.
    writes: bool,
    /// A flag says in which file they are.
    file: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Program {
    #[default]
    Any,
    Kubectl,
    Network,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reads {
    #[default]
    Unknown,
    Yes,
    No,
}

/// What a command says about one of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    None,
    /// The word names an object of this kind.
    Object(Noun),
    /// The word is the value of a flag, or a host.
    NoName,
}

impl Command {
    /// True in a kubectl command that only reads, in the pod's own namespace and cluster.
    pub(super) fn reads_here(&self) -> bool {
        self.program == Program::Kubectl && self.reads == Reads::Yes && !self.elsewhere
    }

    /// False in a kubectl command with a flag that selects another namespace or cluster.
    pub(super) fn is_here(&self) -> bool {
        !(self.program == Program::Kubectl && self.elsewhere)
    }

    /// True for `kubectl get -o yaml`: what it prints can be written again.
    pub(super) fn prints_objects(&self) -> bool {
        self.reads == Reads::Yes && self.prints
    }

    /// True for `kubectl apply -f -`.
    pub(super) fn writes_objects(&self) -> bool {
        self.writes && self.file
    }

    /// Takes the next word and says what it is.
    pub(super) fn word(&mut self, word: &str) -> Role {
        match self.program {
            Program::Any => self.begin(word),
            Program::Network => Role::NoName,
            Program::Kubectl => self.kubectl(word),
        }
    }

    fn begin(&mut self, word: &str) -> Role {
        let leads = LEADERS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit());
        if matches!(word, "kubectl" | "oc") {
            self.program = Program::Kubectl;
        } else if !self.started && NETWORK.contains(&word) {
            self.program = Program::Network;
        }
        self.started = !leads;
        Role::None
    }

    fn kubectl(&mut self, word: &str) -> Role {
        if std::mem::take(&mut self.value) {
            self.prints |= std::mem::take(&mut self.form) && is_whole(word);
            return Role::NoName;
        }
        if word.starts_with('-') {
            self.value = VALUE_FLAGS.contains(&word);
            self.form = matches!(word, "-o" | "--output");
            self.prints |= word.strip_prefix("-o").is_some_and(is_whole);
            self.file |= word == "--filename" || word.starts_with("-f") || word == "-Rf";
            self.elsewhere |= ELSEWHERE.contains(&word) || word.starts_with("-n");
            return Role::None;
        }
        if self.reads == Reads::Unknown {
            self.reads = if READS.contains(&word) { Reads::Yes } else { Reads::No };
            self.writes = WRITES.contains(&word);
            return Role::None;
        }
        match (self.noun, nouns::resource(word)) {
            (before, Some(noun)) => {
                let other = before.filter(|other| *other != noun && is_target(*other) && is_target(noun));
                self.noun = Some(other.map_or(noun, |_| Noun::Either));
                Role::None
            }
            (Some(noun), None) => Role::Object(noun),
            (None, None) => Role::None,
        }
    }
}

/// A form of output that holds the whole object.
fn is_whole(form: &str) -> bool {
    matches!(form, "yaml" | "json" | "kyaml")
}

fn is_target(noun: Noun) -> bool {
    matches!(noun, Noun::ConfigMap | Noun::Secret | Noun::Either)
}
