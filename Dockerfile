# Stage 1: everything Sitrep runs on, in a virtual environment of its own.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/sitrep
COPY requirements.txt ./
RUN /opt/sitrep/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY adapters ./adapters
COPY storage ./storage
COPY config ./config
RUN /opt/sitrep/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

# Stage 2: that environment and a user without rights. The database lies in /data: mount a volume there.
FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin sitrep
COPY --from=build /opt/sitrep /opt/sitrep
ENV PATH=/opt/sitrep/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SITREP_HOST=0.0.0.0 \
    SITREP_PORT=8080 \
    SITREP_DATABASE_URL=sqlite:////data/sitrep.db
USER sitrep
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['SITREP_PORT']}/healthz\", timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["sitrep", "run"]
