//! The declarations and names in one Rust file, read from its tokens: comments and strings do not count, and the
//! content of macros does.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::iter::Peekable;
use std::vec::IntoIter;

/// A file without its tests, which may use everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scanned {
    /// The files that it declares: `mod name;`.
    pub(crate) children: Vec<String>,
    /// The files that it declares only for tests.
    pub(crate) tests: Vec<String>,
    /// The imports of its `use` declarations.
    pub(crate) imports: Vec<Import>,
    /// Paths of two or more segments in expressions, types, patterns and macros.
    pub(crate) paths: Vec<Path>,
    pub(crate) functions: Vec<Function>,
}

/// The segments of a path.
pub(crate) type Path = Vec<String>;

/// A path in a `use` and the name that it gets; `None` for a glob import.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) path: Path,
    pub(crate) name: Option<String>,
}

/// A function with a body, and its lines.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) first_line: usize,
    pub(crate) body_line: usize,
    pub(crate) last_line: usize,
}

type Tokens = Peekable<IntoIter<TokenTree>>;

impl Scanned {
    pub(crate) fn of(text: &str) -> Scanned {
        let mut scanned = Scanned::default();
        scanned.walk(text.parse().expect("the file is Rust"));
        scanned
    }

    /// Returns every path, imported or used in place.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Path> {
        self.imports.iter().map(|import| &import.path).chain(&self.paths)
    }

    fn walk(&mut self, stream: TokenStream) {
        let mut tokens = peekable(stream);
        let mut for_tests = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.group(&group, &mut for_tests),
                TokenTree::Ident(ident) => match ident.to_string().as_str() {
                    "use" => tree(&mut until_semicolon(&mut tokens), &[], &mut self.imports),
                    "mod" => self.module(&mut tokens, std::mem::take(&mut for_tests)),
                    "fn" => self.function(&mut tokens, ident.span().start().line),
                    first => self.path(segments(first.to_owned(), &mut tokens)),
                },
                // The name of a field or method is not a path.
                TokenTree::Punct(punct) if punct.as_char() == '.' => {
                    tokens.next_if(|token| matches!(token, TokenTree::Ident(_)));
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => for_tests = false,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn group(&mut self, group: &Group, for_tests: &mut bool) {
        let text = group.stream().to_string().replace(' ', "");
        let restricts = group.stream().into_iter().next().is_some_and(|first| is_ident(&first, "in"));
        match group.delimiter() {
            Delimiter::Bracket if text.starts_with("cfg(test") => *for_tests = true,
            // `pub(in crate::a)` does not use the path.
            Delimiter::Parenthesis if restricts => {}
            _ => self.walk(group.stream()),
        }
    }

    /// Reads `mod name;`, or `mod name { ... }`, whose items count as those of the file unless they are tests.
    fn module(&mut self, tokens: &mut Tokens, for_tests: bool) {
        let Some(TokenTree::Ident(name)) = tokens.next() else { return };
        match tokens.next() {
            Some(TokenTree::Group(body)) if !for_tests => self.walk(body.stream()),
            Some(TokenTree::Punct(_)) if for_tests => self.tests.push(name.to_string()),
            Some(TokenTree::Punct(_)) => self.children.push(name.to_string()),
            _ => {}
        }
    }

    fn function(&mut self, tokens: &mut Tokens, first_line: usize) {
        // `fn(u32)` is a type.
        let Some(name) = tokens.next_if(|token| matches!(token, TokenTree::Ident(_))) else { return };
        let mut head = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                    let (body_line, last_line) =
                        (body.span_open().start().line, body.span_close().end().line);
                    self.functions.push(Function {
                        name: name.to_string(),
                        first_line,
                        body_line,
                        last_line,
                    });
                    head.push(TokenTree::Group(body));
                    break;
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => break,
                token => head.push(token),
            }
        }
        self.walk(head.into_iter().collect());
    }

    fn path(&mut self, path: Path) {
        if path.len() > 1 {
            self.paths.push(path);
        }
    }
}

/// Reads the rest of a path after its first segment.
fn segments(first: String, tokens: &mut Tokens) -> Path {
    let mut path = vec![first];
    while colons(tokens) {
        match tokens.next_if(|token| matches!(token, TokenTree::Ident(_))) {
            Some(segment) => path.push(segment.to_string()),
            None => break,
        }
    }
    path
}

/// Reads the branches of a `use`: `a::b`, `a::b as c`, `a::*`, `a::{b, c::{d}}`.
fn tree(tokens: &mut Tokens, prefix: &[String], found: &mut Vec<Import>) {
    while tokens.peek().is_some() {
        let mut path = prefix.to_vec();
        colons(tokens);
        loop {
            match tokens.next() {
                Some(TokenTree::Ident(segment)) => path.push(segment.to_string()),
                Some(TokenTree::Group(group)) => {
                    tree(&mut peekable(group.stream()), &path, found);
                    break;
                }
                // A glob.
                _ => {
                    found.push(Import { path, name: None });
                    break;
                }
            }
            if !colons(tokens) {
                found.push(import(path, alias(tokens)));
                break;
            }
        }
        tokens.next_if(|token| matches!(token, TokenTree::Punct(_)));
    }
}

/// Creates an import. `a::self` becomes `a`.
fn import(mut path: Path, alias: Option<String>) -> Import {
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.or_else(|| path.last().cloned());
    Import { path, name }
}

fn alias(tokens: &mut Tokens) -> Option<String> {
    tokens.next_if(|token| is_ident(token, "as"))?;
    tokens.next().map(|name| name.to_string())
}

fn until_semicolon(tokens: &mut Tokens) -> Tokens {
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    tokens.take_while(|token| !is_end(token)).collect::<Vec<_>>().into_iter().peekable()
}

/// Consumes `::`.
fn colons(tokens: &mut Tokens) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == proc_macro2::Spacing::Joint);
    tokens.next_if(|token| is_colon(token) && joint(token)).is_some() && tokens.next_if(is_colon).is_some()
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn peekable(stream: TokenStream) -> Tokens {
    stream.into_iter().collect::<Vec<_>>().into_iter().peekable()
}
