//! Signals that this program gets while Helm runs: they go to Helm.
//!
//! Without this, Helm would go on alone when this program is ended, and nobody would see its result.

#[cfg(not(unix))]
pub(super) use elsewhere::Forwarded;
#[cfg(unix)]
pub(super) use unix::Forwarded;

#[cfg(unix)]
mod unix {
    use crate::interrupted::heeded;
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::iterator::Signals;
    use std::io;
    use std::process::{Child, ExitStatus};

    /// The signals that come while this exists.
    pub(crate) struct Forwarded {
        signals: std::cell::RefCell<Signals>,
    }

    impl Forwarded {
        /// Begins to listen. A signal that whoever started this program ignores is ignored by Helm too.
        pub(crate) fn listen() -> io::Result<Forwarded> {
            let signals = Signals::new(heeded())?;
            Ok(Forwarded { signals: signals.into() })
        }

        /// Passes on what came, and says whether the child has ended.
        pub(crate) fn look(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
            let ended = child.try_wait()?;
            for signal in self.signals.borrow_mut().pending() {
                let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
                let signal = Signal::from_named_raw(signal);
                if let (None, Some(pid), Some(signal)) = (ended, pid, signal) {
                    // It may have ended just now.
                    let _ = kill_process(pid, signal);
                }
            }
            Ok(ended)
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;
    use std::process::{Child, ExitStatus};

    /// A console of Windows sends Ctrl-C to Helm by itself.
    pub(crate) struct Forwarded;

    impl Forwarded {
        pub(crate) fn listen() -> io::Result<Forwarded> {
            Ok(Forwarded)
        }

        pub(crate) fn look(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
            child.try_wait()
        }
    }
}
