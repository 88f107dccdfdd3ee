//! Forwards the signals that this program receives to Helm.
//!
//! Otherwise Helm would continue alone after the end of this program, and nobody would see its result.

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

    /// Receives signals while it exists.
    pub(crate) struct Forwarded {
        signals: std::cell::RefCell<Signals>,
    }

    impl Forwarded {
        /// Starts to receive signals, including those that this program inherited as ignored. Helm starts with their
        /// default actions.
        pub(crate) fn listen() -> io::Result<Forwarded> {
            let signals = Signals::new(heeded())?;
            Ok(Forwarded { signals: signals.into() })
        }

        /// Forwards pending signals. Returns the exit status of the child if it has ended.
        pub(crate) fn look(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
            let ended = child.try_wait()?;
            for signal in self.signals.borrow_mut().pending() {
                let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
                let signal = Signal::from_named_raw(signal);
                if let (None, Some(pid), Some(signal)) = (ended, pid, signal) {
                    // The child may have ended in the meantime.
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

    /// Does nothing: a Windows console sends Ctrl-C to Helm directly.
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
