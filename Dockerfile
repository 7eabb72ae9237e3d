# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
# The dependencies, in a layer of their own that lasts as long as the lock file.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src tests \
 && echo 'fn main() {}' > src/main.rs && touch src/lib.rs tests/main.rs README.md \
 && RUSTFLAGS="-C target-feature=+crt-static" cargo build --locked --release --target "$(rustc -vV | sed -n 's/^host: //p')" \
 && rm -r src
COPY README.md ./
COPY fixtures fixtures
COPY src src
RUN touch src/lib.rs src/main.rs \
 && RUSTFLAGS="-C target-feature=+crt-static" cargo build --locked --release --target "$(rustc -vV | sed -n 's/^host: //p')" \
 && cp target/*/release/cuc-mock /cuc-mock

FROM scratch
COPY --from=build /cuc-mock /cuc-mock
USER 65532:65532
ENV CUC_MOCK_LISTEN=0.0.0.0:8443
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s CMD ["/cuc-mock", "healthcheck"]
ENTRYPOINT ["/cuc-mock"]
