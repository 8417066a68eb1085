# GraphRec as an image: `docker compose up` builds and starts it, docs/deploy.md tells how.
FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/GraphRec.Cli -c Release -o /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble
# The base image's ports are for programs that are not told where to listen; ours is, and would warn about them.
ENV ASPNETCORE_HTTP_PORTS= \
    OTEL_SERVICE_NAME=graphrec
# For LightGBM, with which 'graphrec train' fits its ranker.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
# A new volume takes the owner of the folder that it covers.
RUN install -d -o $APP_UID -g $APP_UID /data
COPY --from=build /app /app
USER $APP_UID
# The default of --data is ./data, so that every command finds it.
WORKDIR /
VOLUME /data
EXPOSE 8080
# The image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5m --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "/app/graphrec.dll"]
CMD ["serve", "--data", "/data", "--urls", "http://0.0.0.0:8080"]
