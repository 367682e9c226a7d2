using Bottle.Core.Planning;
using Bottle.Core.Rendering.Yaml;

namespace Bottle.Core.Rendering;

/// <summary>Writes <c>pipelock.yaml</c> (SPEC D1, G1). The keys are those of facts/pipelock.md 3 and no others: an unknown one stops pipelock, a missing one may switch something on.</summary>
public static class PipelockRenderer
{
    // No Proxy-Authorization, Cookie or vendor token: those an agent could fill. Authorization and X-Api-Key are egress's to set.
    private static readonly string[] IgnoredHeaders =
    [
        "Authorization", "X-Api-Key", "Connection", "Keep-Alive", "Proxy-Authenticate", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
        "Content-Length", "Content-Type", "Accept", "Accept-Encoding", "User-Agent",
    ];

    /// <summary>Pipelock's configuration; nothing without it.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) =>
        plan.Pipelock is { } pipelock ? [new RenderedFile(StateLayout.PipelockConfig(pipelock.Service), Write(pipelock))] : [];

    // No revision in it: the same hosts are the same bytes, so that pipelock is left alone.
    private static string Write(PipelockPlan plan) => YamlText.Document(
        ["Written by Bottle: the hosts are those of the plan's routes and git remotes."],
        yaml =>
        {
            yaml.Key("version").Number(1);
            yaml.Key("mode").Text("strict"); // the only mode in which api_allowlist is enforced
            yaml.Key("enforce").Flag(true);
            yaml.Key("explain_blocks").Flag(true);
            yaml.Key("api_allowlist").Texts(plan.Allowlist, flow: false);
            Proxy(yaml);
            Interception(yaml, plan);
            if (plan.AllowedAddresses.Count > 0)
                yaml.Key("ssrf").Map(() => yaml.Key("ip_allowlist").Texts(plan.AllowedAddresses, flow: false));
            Requests(yaml, plan);
            Responses(yaml);
            yaml.Key("media_policy").Map(() => yaml.Key("enabled").Flag(false));
            yaml.Key("sentry").Map(() => yaml.Key("enabled").Flag(false));
            yaml.Key("logging").Map(() =>
            {
                yaml.Key("format").Text("json");
                yaml.Key("output").Text("stdout");
            });
        });

    private static void Proxy(YamlText yaml)
    {
        yaml.Key("fetch_proxy").Map(() =>
        {
            yaml.Key("listen").Text("0.0.0.0:8888");
            yaml.Key("timeout_seconds").Number(300);
            yaml.Key("max_response_mb").Number(64);
            yaml.Key("monitoring").Map(() =>
            {
                // Zero would mean pipelock's own default: 8 bits of entropy and a million a minute are "off".
                yaml.Key("max_url_length").Number(16384);
                yaml.Key("entropy_threshold").Number(8);
                yaml.Key("subdomain_entropy_threshold").Number(8);
                yaml.Key("max_requests_per_minute").Number(1_000_000);
            });
        });
        yaml.Key("metrics_listen").Text("127.0.0.1:9091"); // away from the port that egress reaches
        yaml.Key("forward_proxy").Map(() =>
        {
            yaml.Key("enabled").Flag(true);
            yaml.Key("max_tunnel_seconds").Number(86400); // a hard cut, also in mid-stream
            yaml.Key("idle_timeout_seconds").Number(86400);
            yaml.Key("sni_verification").Flag(false); // true closes HTTP/1.1 connections after one answer
        });
    }

    private static void Interception(YamlText yaml, PipelockPlan plan) => yaml.Key("tls_interception").Map(() =>
    {
        yaml.Key("enabled").Flag(true);
        yaml.Key("ca_cert").Text($"{StateLayout.PipelockMount}/ca.pem");
        yaml.Key("ca_key").Text($"{StateLayout.PipelockMount}/ca-key.pem");
        yaml.Key("cert_ttl").Text("24h");
        yaml.Key("max_response_bytes").Number(33_554_432);
        yaml.Key("passthrough_domains").Texts(plan.Passthrough, flow: plan.Passthrough.Count == 0);
    });

    private static void Requests(YamlText yaml, PipelockPlan plan)
    {
        var injected = plan.CredentialHeaders.Where(h => !IgnoredHeaders.Contains(h, StringComparer.OrdinalIgnoreCase));
        yaml.Key("request_body_scanning").Map(() =>
        {
            yaml.Key("enabled").Flag(true);
            yaml.Key("action").Text("block");
            yaml.Key("max_body_bytes").Number(10_485_760);
            yaml.Key("scan_headers").Flag(true);
            yaml.Key("header_mode").Text("all");
            yaml.Key("ignore_headers").Texts(IgnoredHeaders.Concat(injected), flow: false);
        });
        yaml.Key("dlp").Map(() => yaml.Key("scan_env").Flag(false));
        yaml.Key("seed_phrase_detection").Map(() => yaml.Key("enabled").Flag(false)); // ordinary English trips it
    }

    // "enabled: false" would still run the core patterns, and block on them.
    private static void Responses(YamlText yaml) => yaml.Key("response_scanning").Map(() =>
    {
        yaml.Key("enabled").Flag(true);
        yaml.Key("include_defaults").Flag(false);
        yaml.Key("action").Text("warn");
        yaml.Key("sse_streaming").Map(() =>
        {
            yaml.Key("enabled").Flag(true);
            yaml.Key("action").Text("warn");
            yaml.Key("max_event_bytes").Number(1_048_576);
        });
    });
}
