//! A registry that serves one chart to `helm pull oci://`.

#![allow(clippy::expect_used, reason = "helpers of tests stop at what they do not expect")]

use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// Media type and content, by path.
type Pages = HashMap<String, (&'static str, Vec<u8>)>;

/// A registry on a free port; its thread ends with the test.
pub(crate) struct Registry(SocketAddr);

impl Registry {
    /// Serves a packed chart under this name and version.
    pub(crate) fn serve(name: &str, version: &str, chart: &[u8]) -> Registry {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let pages = Arc::new(pages(name, version, chart));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = Arc::clone(&pages);
                std::thread::spawn(move || answer(&stream, &pages));
            }
        });
        Registry(address)
    }

    /// Returns host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0
    }
}

fn pages(name: &str, version: &str, chart: &[u8]) -> Pages {
    let config = format!(r#"{{"name":"web","version":"{version}","apiVersion":"v2"}}"#).into_bytes();
    let part =
        |media: &str, bytes: &[u8]| json!({"mediaType": media, "digest": digest(bytes), "size": bytes.len()});
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": part(CONFIG, &config), "layers": [part(CHART, chart)],
    });
    let manifest = manifest.to_string().into_bytes();
    let blob = |bytes: &[u8]| format!("/v2/{name}/blobs/{}", digest(bytes));
    HashMap::from([
        ("/v2/".to_owned(), ("application/json", b"{}".to_vec())),
        (format!("/v2/{name}/manifests/{version}"), (MANIFEST, manifest.clone())),
        (format!("/v2/{name}/manifests/{}", digest(&manifest)), (MANIFEST, manifest)),
        (blob(&config), ("application/octet-stream", config)),
        (blob(chart), ("application/octet-stream", chart.to_vec())),
    ])
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// Answers requests until the client disconnects.
fn answer(stream: &TcpStream, pages: &Pages) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(request) = lines.next() {
        let mut words = request.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
        let found = pages.get(path);
        let (code, (media, bytes)) =
            found.map_or((404, ("text/plain", Vec::new())), |page| (200, page.clone()));
        let head = format!(
            "HTTP/1.1 {code} -\r\nContent-Type: {media}\r\nDocker-Content-Digest: {}\r\nContent-Length: {}\r\n\r\n",
            digest(&bytes),
            bytes.len()
        );
        let body = if method == "HEAD" { &[][..] } else { &bytes[..] };
        if (&*stream).write_all(&[head.as_bytes(), body].concat()).is_err() {
            return;
        }
    }
}
