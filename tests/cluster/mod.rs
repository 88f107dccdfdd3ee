//! A small Kubernetes API server for tests: enough of the REST API for Helm, kubectl and `lookup` in charts.
//!
//! It keeps objects in memory, enforces the rules about immutable fields, and simulates controllers and kubelets: pods
//! start only if all objects that they refer to exist, and an image named `bad` never starts. It does not check
//! schemas.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]
#![allow(dead_code)] // each test uses a part of it

mod api;
mod controllers;
mod discovery;
mod http;
mod kinds;
mod patch;
mod protobuf;
mod rules;
mod selectors;
mod store;
mod watch;

use serde_json::Value;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use store::Store;

/// A server that runs until it is dropped.
pub(crate) struct Cluster {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// The state that all connections share.
pub(crate) struct Shared {
    store: Mutex<Store>,
    /// Wakes up watches after a write.
    changed: Condvar,
    stopped: AtomicBool,
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().expect("no request panicked")
    }
}

impl Cluster {
    /// Starts a server on a free port, with the namespaces `default` and `prod`.
    pub(crate) fn start() -> Cluster {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared {
            store: Mutex::new(Store::new()),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if served.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let served = Arc::clone(&served);
                std::thread::spawn(move || http::serve(&stream, &served));
            }
        });
        Cluster { shared, address }
    }

    /// Writes a kubeconfig for the server. Its context has the namespace `prod`.
    pub(crate) fn kubeconfig(&self, path: &Path) {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: fake\nclusters:\n- name: fake\n  cluster: {{server: 'http://{}'}}\n\
             contexts:\n- name: fake\n  context: {{cluster: fake, user: fake, namespace: prod}}\nusers:\n- name: fake\n  user: {{}}\n",
            self.address
        );
        std::fs::write(path, text).expect("the kubeconfig is written");
    }

    /// Refuses every write of an object whose `Kind/name` begins with this text.
    pub(crate) fn refuse(&self, object: &str) {
        self.shared.store().refused.push(object.to_owned());
    }

    /// Forbids every request for a resource, such as `secrets`.
    pub(crate) fn forbid(&self, resource: &str) {
        self.shared.store().forbidden.insert(resource.to_owned());
    }

    /// Reverts [`Cluster::refuse`] and [`Cluster::forbid`].
    pub(crate) fn accept_everything(&self) {
        let mut store = self.shared.store();
        store.refused.clear();
        store.forbidden.clear();
    }

    /// While `held` is true, new pods of Deployments, StatefulSets and DaemonSets start but do not become ready, so
    /// rollouts stay half-finished.
    pub(crate) fn hold_rollouts(&self, held: bool) {
        let mut store = self.shared.store();
        store.held = held;
        controllers::settle(&mut store);
        self.shared.changed.notify_all();
    }

    /// Returns an object, if it exists.
    pub(crate) fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let kind = kinds::by_kind(kind)?;
        self.shared.store().get(&store::Key::new(kind, namespace, name)).cloned()
    }

    /// Returns the names of all objects of a kind in a namespace, sorted.
    pub(crate) fn names(&self, kind: &str, namespace: &str) -> Vec<String> {
        let store = self.shared.store();
        let of_kind = store.keys().filter(|key| key.kind.kind == kind && key.namespace == namespace);
        of_kind.map(|key| key.name.clone()).collect()
    }

    /// Returns every object of a namespace as `Kind/name`, except Helm's release records.
    pub(crate) fn objects(&self, namespace: &str) -> Vec<String> {
        let store = self.shared.store();
        let here = store.keys().filter(|key| key.namespace == namespace);
        let named = here.map(|key| format!("{}/{}", key.kind.kind, key.name));
        named.filter(|name| !name.starts_with("Secret/sh.helm.release.")).collect()
    }

    /// Returns the references of running pods and unfinished Jobs to missing objects: `ReplicaSet/web-1 ->
    /// ConfigMap/web`.
    pub(crate) fn dangling(&self) -> BTreeSet<String> {
        controllers::dangling(&self.shared.store())
    }

    /// Returns the writing requests so far: `POST ConfigMap/web`.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.shared.store().writes.clone()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        // Wakes up the listener, which then sees that it must stop.
        drop(TcpStream::connect(self.address));
    }
}
