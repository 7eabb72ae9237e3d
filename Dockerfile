FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
# The dependencies have their own layer, which is cached until the manifest or the lock file changes. Tests and
# examples are not copied, so they are removed from the manifest.
COPY Cargo.toml Cargo.lock ./
# A static binary for the machine that runs this stage. Without an explicit target, the flags would apply to
# proc macros too, which cannot be static. The other flags make the binary smaller: the tables for unwinding take
# less with frame pointers, the relocations are packed, and the paths of source files begin with the name of the
# crate. On x86-64, where Rust links with lld, identical functions are merged.
RUN sed -E -i '/^\[\[(test|bench|example)\]\]/,/^$/d' Cargo.toml \
 && mkdir .cargo src && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
 && target=$(rustc -vV | sed -n 's/^host: //p') \
 && cargo fetch --locked --target "$target" \
 && flags='"-Ctarget-feature=+crt-static", "-Cforce-frame-pointers", "-Clink-arg=-Wl,-z,pack-relative-relocs"' \
 && for sources in "$CARGO_HOME"/registry/src/*; do flags="$flags, \"--remap-path-prefix=$sources/=\""; done \
 && case $target in x86_64-*) flags="$flags, \"-Clink-arg=-Wl,--icf=all\"" ;; esac \
 && printf '[build]\ntarget = "%s"\nrustflags = [%s]\n' "$target" "$flags" > .cargo/config.toml \
 && cargo build --locked --profile small --no-default-features --features cli,console,tls
COPY fixtures fixtures
COPY build.rs build.rs
COPY src src
# Copies keep their modification times, which may be older than the build of the empty sources.
RUN touch build.rs src/lib.rs src/main.rs \
 && cargo build --locked --profile small --no-default-features --features cli,console,tls \
 && cp target/*/small/cuc-mock /cuc-mock

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="cuc-mock" \
      org.opencontainers.image.description="A mock Cisco Unity Connection server for tests" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
COPY --from=build /cuc-mock /cuc-mock
USER 65532:65532
# The port is reachable only when it is published, so the control plane is open too;
# CUC_MOCK_CONTROL_TOKEN protects it.
ENV CUC_MOCK_LISTEN=0.0.0.0:8443 CUC_MOCK_CONTROL=open
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=5s --retries=3 CMD ["/cuc-mock", "healthcheck"]
ENTRYPOINT ["/cuc-mock"]
