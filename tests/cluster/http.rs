//! HTTP 1.1 on a connection: reads requests and writes answers. Knows nothing about Kubernetes.

use super::{Shared, api};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

/// A request.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: HashMap<String, String>,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Returns a parameter of the query; empty if absent.
    pub(super) fn param(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

/// Answers the requests of a connection until it is closed.
pub(super) fn serve(stream: &TcpStream, shared: &Shared) {
    let mut reader = BufReader::new(stream);
    // It is not an error if a client disconnects.
    while let Ok(Some(request)) = read(&mut reader) {
        if api::answer(&request, shared, &mut &*stream).is_err() {
            break;
        }
    }
}

/// Writes a complete answer.
pub(super) fn respond(out: &mut dyn Write, code: u16, body: &Value) -> io::Result<()> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {code} -\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    out.write_all((head + &body).as_bytes())
}

/// Begins a chunked answer.
pub(super) fn begin_chunks(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"HTTP/1.1 200 -\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
}

/// Writes a chunk; an empty one ends the answer.
pub(super) fn chunk(out: &mut dyn Write, text: &str) -> io::Result<()> {
    out.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
}

fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) =
        (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let headers = headers(reader)?;
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(name, value)| (name.to_owned(), decoded(value))).collect();
    Ok(Some(Request { method, path: decoded(path), query, content_type: header("content-type"), body }))
}

/// Returns the headers by name, in lower case.
fn headers(reader: &mut impl BufRead) -> io::Result<HashMap<String, String>> {
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.trim().to_owned()),
            None => return Ok(headers),
        };
    }
}

/// Decodes a query: `%2C` is a comma, `+` a space.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8_lossy(&digits).into_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
