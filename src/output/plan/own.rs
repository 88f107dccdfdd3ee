//! What the two releases hold themselves. Of everything else that a pod names nothing is known: it may be in the cluster.
//!
//! Looks at names only. A name with another suffix, or without one, is held too, for it will not come from elsewhere.

use super::configurations::is_configuration;
use super::reading::base;
use crate::deployers::{Member, Need, Place, Release, Template};
use crate::output::placed;
use std::collections::HashSet;
use std::sync::Arc;

/// Kind, name and namespace; without the latter for a name that may be anywhere.
type Key<'r> = (&'r str, &'r str, Option<Option<&'r str>>);

/// The names of ConfigMaps and Secrets, and what their versions are called without the suffix.
pub(super) struct Own<'r>(HashSet<Key<'r>>);

impl<'r> Own<'r> {
    pub(super) fn of(releases: [&'r Release; 2]) -> Own<'r> {
        let members = releases.into_iter().flat_map(|release| &release.members);
        let keys = members.filter(|member| is_configuration(&member.id)).flat_map(|member| {
            let id = &member.id;
            let places = [None, Some(id.namespace.as_deref())];
            [id.name.as_str(), base(member)]
                .into_iter()
                .flat_map(move |name| places.map(|place| (id.kind.as_str(), name, place)))
        });
        Own(keys.collect())
    }

    /// The release as if its pods named nothing else.
    pub(super) fn alone(&self, release: &Arc<Release>) -> Arc<Release> {
        let members = release.members.iter().map(|member| self.alone_in(member));
        Arc::new(Release { members: members.collect() })
    }

    fn alone_in(&self, member: &Arc<Member>) -> Arc<Member> {
        let needs = member.template.iter().flat_map(|template| &template.needs);
        if needs.chain(&member.copied).all(|need| self.holds(need)) {
            return Arc::clone(member);
        }
        let only = |needs: &[Need]| needs.iter().filter(|need| self.holds(need)).cloned().collect();
        let template = member
            .template
            .as_ref()
            .map(|template| Template { needs: only(&template.needs), ..template.clone() });
        Arc::new(Member { template, copied: only(&member.copied), ..Member::clone(member) })
    }

    fn holds(&self, need: &Need) -> bool {
        let place = match &need.place {
            Place::In(namespace) => Some(namespace.as_deref()),
            Place::Anywhere => None,
        };
        let names = [need.name.as_str(), placed::base(&need.name)];
        need.kinds.iter().any(|kind| names.iter().any(|name| self.0.contains(&(kind.as_str(), *name, place))))
    }
}
