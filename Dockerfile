# One image whose commands are up, web, worker, keeper, gateway, migrate; `up` runs all of them in one container.
FROM python:3.13-slim-bookworm AS packages

COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/greenroom \
    && /opt/greenroom/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.txt \
    && /opt/greenroom/bin/pip uninstall --yes pip

FROM python:3.13-slim-bookworm

# What projects need for their own builds; "nodejs npm" for those with a package.json.
ARG BUILD_PACKAGES=""

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git tini ${BUILD_PACKAGES} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin greenroom \
    && install --directory --owner=greenroom --mode=0700 /data

COPY --from=packages /opt/greenroom /opt/greenroom
WORKDIR /srv/greenroom
COPY pyproject.toml wsgi.py ./
COPY migrations migrations
COPY static static
COPY templates templates
COPY app app

ENV PATH=/opt/greenroom/bin:$PATH \
    PYTHONPATH=/srv/greenroom \
    PYTHONUNBUFFERED=1 \
    GREENROOM_HOME=/data \
    GREENROOM_HOST=0.0.0.0
RUN python -m compileall -q app

USER 10001
VOLUME /data
EXPOSE 8000 8001
HEALTHCHECK --interval=20s --timeout=8s --start-period=40s \
    CMD ["python", "-P", "-m", "app.cli", "wait", "--seconds", "5"]
ENTRYPOINT ["tini", "--", "python", "-P", "-m", "app.cli"]
CMD ["up"]
