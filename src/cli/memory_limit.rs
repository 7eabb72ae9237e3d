//! The memory limit of a container.

use std::fs;

/// The memory of the server without connections, with the default journal, in bytes (measured).
const BASE_MEMORY: u64 = 12 * 1024 * 1024;
/// The memory of a connection with a small request, including the socket buffers, in bytes (measured).
const CONNECTION_MEMORY: u64 = 32 * 1024;
/// The part of the memory that buffers may take: one in this number.
const BUFFER_SHARE: u64 = 4;
/// The minimum size of all buffers, however low the limit is.
const MIN_BUFFERS: usize = 1024 * 1024;
/// The minimum number of connections, however low the limit is.
const MIN_CONNECTIONS: usize = 16;

/// Returns how many of the `wanted` connections fit into the memory of this process's container, beside the buffers.
pub(super) fn max_connections(wanted: usize, buffers: usize) -> usize {
    let Some(memory) = limit() else {
        return wanted;
    };
    let memory = memory.saturating_sub(BASE_MEMORY + buffers as u64);
    at_most(wanted, memory / CONNECTION_MEMORY, MIN_CONNECTIONS)
}

/// Returns how many of the `wanted` bytes of buffers fit into the memory of this process's container.
pub(super) fn max_buffers(wanted: usize) -> usize {
    limit().map_or(wanted, |memory| {
        at_most(wanted, memory / BUFFER_SHARE, MIN_BUFFERS)
    })
}

/// Returns the `wanted` number, reduced to the `admitted` one, but not below `min`.
fn at_most(wanted: usize, admitted: u64, min: usize) -> usize {
    let admitted = usize::try_from(admitted).unwrap_or(usize::MAX);
    wanted.min(admitted.max(min))
}

/// Returns the lowest memory limit of this process's control groups, in bytes.
fn limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    // Inside a container, the files of its group are often at the root, whatever its name is outside.
    let root_groups = ["0::", "0:memory:"];
    groups
        .lines()
        .chain(root_groups)
        .filter_map(limit_file)
        .filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok())
        .min()
}

/// Returns the file with the limit of a group, given as a line of `/proc/self/cgroup` such as `0::/docker/f3a`
/// (version 2) or `4:memory:/docker/f3a` (version 1).
fn limit_file(group: &str) -> Option<String> {
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
    fn a_wanted_number_is_reduced_to_the_admitted_one_but_not_below_the_minimum() {
        let reduced = [100, 50, 5, 0].map(|admitted| at_most(80, admitted, 16));
        assert_eq!(reduced, [80, 50, 16, 16]);
        assert_eq!(at_most(8, 0, 16), 8);
    }

    #[test]
    fn both_versions_of_control_groups_are_supported() {
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
            assert_eq!(limit_file(group).as_deref(), expected, "{group}");
        }
    }
}
