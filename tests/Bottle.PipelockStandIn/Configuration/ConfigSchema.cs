namespace Bottle.PipelockStandIn.Configuration;

/// <summary>What a value may be.</summary>
internal enum ValueKind
{
    Text,
    Whole,
    Number,
    Truth,
    Texts,
    Duration,
    Section,
}

/// <summary>Every key that Bottle may write, as pipelock 2.3.0 names and types it. Pipelock refuses a key that it does not know, so the stand-in does too.</summary>
internal static class ConfigSchema
{
    private static readonly Dictionary<string, ValueKind> _kinds = new(StringComparer.Ordinal)
    {
        ["version"] = ValueKind.Whole,
        ["mode"] = ValueKind.Text,
        ["enforce"] = ValueKind.Truth,
        ["explain_blocks"] = ValueKind.Truth,
        ["api_allowlist"] = ValueKind.Texts,
        ["internal"] = ValueKind.Texts,
        ["trusted_domains"] = ValueKind.Texts,
        ["metrics_listen"] = ValueKind.Text,
        ["fetch_proxy"] = ValueKind.Section,
        ["fetch_proxy.listen"] = ValueKind.Text,
        ["fetch_proxy.timeout_seconds"] = ValueKind.Whole,
        ["fetch_proxy.max_response_mb"] = ValueKind.Whole,
        ["fetch_proxy.monitoring"] = ValueKind.Section,
        ["fetch_proxy.monitoring.max_url_length"] = ValueKind.Whole,
        ["fetch_proxy.monitoring.entropy_threshold"] = ValueKind.Number,
        ["fetch_proxy.monitoring.subdomain_entropy_threshold"] = ValueKind.Number,
        ["fetch_proxy.monitoring.max_requests_per_minute"] = ValueKind.Whole,
        ["forward_proxy"] = ValueKind.Section,
        ["forward_proxy.enabled"] = ValueKind.Truth,
        ["forward_proxy.max_tunnel_seconds"] = ValueKind.Whole,
        ["forward_proxy.idle_timeout_seconds"] = ValueKind.Whole,
        ["forward_proxy.sni_verification"] = ValueKind.Truth,
        ["tls_interception"] = ValueKind.Section,
        ["tls_interception.enabled"] = ValueKind.Truth,
        ["tls_interception.ca_cert"] = ValueKind.Text,
        ["tls_interception.ca_key"] = ValueKind.Text,
        ["tls_interception.passthrough_domains"] = ValueKind.Texts,
        ["tls_interception.cert_ttl"] = ValueKind.Duration,
        ["tls_interception.cert_cache_size"] = ValueKind.Whole,
        ["tls_interception.max_response_bytes"] = ValueKind.Whole,
        ["request_body_scanning"] = ValueKind.Section,
        ["request_body_scanning.enabled"] = ValueKind.Truth,
        ["request_body_scanning.action"] = ValueKind.Text,
        ["request_body_scanning.max_body_bytes"] = ValueKind.Whole,
        ["request_body_scanning.scan_headers"] = ValueKind.Truth,
        ["request_body_scanning.header_mode"] = ValueKind.Text,
        ["request_body_scanning.sensitive_headers"] = ValueKind.Texts,
        ["request_body_scanning.ignore_headers"] = ValueKind.Texts,
        ["dlp"] = ValueKind.Section,
        ["dlp.scan_env"] = ValueKind.Truth,
        ["dlp.include_defaults"] = ValueKind.Truth,
        ["seed_phrase_detection"] = ValueKind.Section,
        ["seed_phrase_detection.enabled"] = ValueKind.Truth,
        ["response_scanning"] = ValueKind.Section,
        ["response_scanning.enabled"] = ValueKind.Truth,
        ["response_scanning.include_defaults"] = ValueKind.Truth,
        ["response_scanning.action"] = ValueKind.Text,
        ["response_scanning.sse_streaming"] = ValueKind.Section,
        ["response_scanning.sse_streaming.enabled"] = ValueKind.Truth,
        ["response_scanning.sse_streaming.action"] = ValueKind.Text,
        ["response_scanning.sse_streaming.max_event_bytes"] = ValueKind.Whole,
        ["media_policy"] = ValueKind.Section,
        ["media_policy.enabled"] = ValueKind.Truth,
        ["sentry"] = ValueKind.Section,
        ["sentry.enabled"] = ValueKind.Truth,
        ["ssrf"] = ValueKind.Section,
        ["ssrf.ip_allowlist"] = ValueKind.Texts,
        ["logging"] = ValueKind.Section,
        ["logging.format"] = ValueKind.Text,
        ["logging.output"] = ValueKind.Text,
    };

    private static readonly string[] _enforced =
    [
        "version", "mode", "api_allowlist", "fetch_proxy.listen", "forward_proxy.enabled", "forward_proxy.sni_verification", "tls_interception.enabled",
        "tls_interception.ca_cert", "tls_interception.ca_key", "tls_interception.passthrough_domains", "tls_interception.max_response_bytes",
        "request_body_scanning.enabled", "request_body_scanning.action", "request_body_scanning.max_body_bytes", "request_body_scanning.scan_headers",
        "request_body_scanning.header_mode", "request_body_scanning.sensitive_headers", "request_body_scanning.ignore_headers", "ssrf.ip_allowlist",
    ];

    /// <summary>What the value at a dotted path must be, or null when pipelock knows no such key.</summary>
    public static ValueKind? KindOf(string path) => _kinds.TryGetValue(path, out var kind) ? kind : null;

    /// <summary>Whether the stand-in does what the key says.</summary>
    public static bool IsEnforced(string path) => _enforced.Contains(path, StringComparer.Ordinal);
}
