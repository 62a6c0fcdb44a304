# bbq's own image for the nodes: everything inside, so that no node needs a package registry.
# .image is made by npm beforehand (npm run image), because that needs neither network nor emulation while the image is
# built, for whichever architecture.
FROM node:24-bookworm-slim
ARG TARGETARCH
COPY .image/${TARGETARCH}/ /opt/bbq/
COPY dist/run.mjs /opt/bbq/run.mjs
