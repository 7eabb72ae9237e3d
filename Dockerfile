FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
# A static binary, for the machine that this stage runs on. The target has to be named, else proc macros
# would be static too, which they cannot be.
RUN mkdir .cargo src \
 && printf '[build]\ntarget = "%s"\nrustflags = ["-C", "target-feature=+crt-static"]\n' \
      "$(rustc -vV | sed -n 's/^host: //p')" > .cargo/config.toml
# The dependencies, in a layer of their own that lasts as long as the manifest and the lock file. Tests,
# benchmarks and examples stay outside, so the manifest must not ask for them.
COPY Cargo.toml Cargo.lock ./
RUN sed -E -i '/^\[\[(test|bench|example)\]\]/,/^$/d' Cargo.toml \
 && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
 && cargo build --locked --profile small
COPY fixtures fixtures
COPY src src
# A copy keeps its dates, which may be older than those of what the empty sources became.
RUN touch src/lib.rs src/main.rs \
 && cargo build --locked --profile small \
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
# Who publishes the port decides who reaches it, so the control plane is open as well;
# CUC_MOCK_CONTROL_TOKEN closes it.
ENV CUC_MOCK_LISTEN=0.0.0.0:8443 CUC_MOCK_CONTROL=open
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=5s --retries=3 CMD ["/cuc-mock", "healthcheck"]
ENTRYPOINT ["/cuc-mock"]
