//! How much memory a container lets this process take.

use std::fs;

/// What the server takes without connections, with what it keeps by default.
const BASE: u64 = 12 * 1024 * 1024;
/// What a connection with a small request takes, with what the operating system takes for it.
const PER_CONNECTION: u64 = 32 * 1024;

/// How many connections fit into the memory of this process's container, of those that are wanted.
pub(super) fn connections_of(wanted: usize) -> usize {
    let Some(memory) = limit() else {
        return wanted;
    };
    let fitting = memory.saturating_sub(BASE) / PER_CONNECTION;
    let fitting = usize::try_from(fitting).unwrap_or(usize::MAX);
    wanted.min(fitting.max(16))
}

/// How many bytes the control groups of this process allow, if they say so.
fn limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    // Inside of a container the files of its group often stand at the top, whatever it is called outside.
    let top = ["0::", "0:memory:"].into_iter();
    let files = groups.lines().chain(top).filter_map(file);
    let limits = files.filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
    limits.min()
}

/// The file that holds the limit of a group, from a line such as `0::/docker/f3a` or `4:memory:/docker/f3a`.
fn file(group: &str) -> Option<String> {
    let (_, group) = group.split_once(':')?;
    let (controllers, path) = group.split_once(':')?;
    let path = path.trim_end_matches('/');
    if controllers.is_empty() {
        return Some(format!("/sys/fs/cgroup{path}/memory.max"));
    }
    let is_memory = controllers.split(',').any(|name| name == "memory");
    is_memory.then(|| format!("/sys/fs/cgroup/memory{path}/memory.limit_in_bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_control_groups_are_known() {
        for (group, expected) in [
            (
                "0::/docker/f3a",
                Some("/sys/fs/cgroup/docker/f3a/memory.max"),
            ),
            ("0::/", Some("/sys/fs/cgroup/memory.max")),
            (
                "4:memory:/f3a",
                Some("/sys/fs/cgroup/memory/f3a/memory.limit_in_bytes"),
            ),
            (
                "5:cpu,memory:",
                Some("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
            ),
            ("6:cpu,cpuacct:/f3a", None),
            ("", None),
        ] {
            assert_eq!(file(group).as_deref(), expected, "{group}");
        }
    }
}
