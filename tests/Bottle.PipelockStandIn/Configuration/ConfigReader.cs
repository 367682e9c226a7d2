using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.PipelockStandIn.Configuration;

/// <summary>Reads the very file that Bottle renders for pipelock, as strictly as pipelock 2.3.0 does.</summary>
internal static class ConfigReader
{
    // Group or others may read, but neither write nor execute (pipelock's mask 0137).
    private const UnixFileMode TooPermissive = UnixFileMode.UserExecute | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static StandInConfig ReadFile(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return Read(Encoding.UTF8.GetString(bytes), Path.GetDirectoryName(Path.GetFullPath(path))!) with { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: {e.Message}");
        }
    }

    public static StandInConfig Read(string text, string folder)
    {
        var document = new ConfigDocument(text);
        var problems = new List<string>(document.Problems);
        var config = new StandInConfig
        {
            Allowlist = document.Get("api_allowlist", Array.Empty<string>()),
            Listen = Endpoint(document.Get("fetch_proxy.listen", "127.0.0.1:8888"), problems),
            CaCertificate = Path.Combine(folder, document.Get("tls_interception.ca_cert", "ca.pem")),
            CaKey = Path.Combine(folder, document.Get("tls_interception.ca_key", "ca-key.pem")),
            Passthrough = document.Get("tls_interception.passthrough_domains", Array.Empty<string>()),
            MaxResponseBytes = document.Get("tls_interception.max_response_bytes", 5L * 1024 * 1024),
            ScanBodies = document.Get("request_body_scanning.enabled", true),
            Blocks = document.Get("request_body_scanning.action", "warn") == "block",
            MaxBodyBytes = document.Get("request_body_scanning.max_body_bytes", 5L * 1024 * 1024),
            ScanHeaders = document.Get("request_body_scanning.scan_headers", true),
            AllHeaders = document.Get("request_body_scanning.header_mode", "sensitive") == "all",
            SensitiveHeaders = document.Get("request_body_scanning.sensitive_headers",
                (string[])["Authorization", "Cookie", "X-Api-Key", "X-Token", "Proxy-Authorization", "X-Goog-Api-Key"]),
            IgnoredHeaders = document.Get("request_body_scanning.ignore_headers",
                (string[])["Connection", "Host", "Content-Length", "Content-Type", "Accept", "Accept-Encoding", "User-Agent"]),
            AllowedAddresses = Networks(document.Get("ssrf.ip_allowlist", Array.Empty<string>()), problems),
            NotEnforced = [.. document.Keys.Where(key => !ConfigSchema.IsEnforced(key))],
        };
        CheckModes(document, config, problems);
        CheckAuthority(config, problems);
        return problems.Count == 0 ? config : throw new ConfigException(string.Join("; ", problems));
    }

    private static void CheckModes(ConfigDocument document, StandInConfig config, List<string> problems)
    {
        var mode = document.Get("mode", "balanced");
        if (mode is not ("strict" or "balanced" or "audit"))
            problems.Add($"invalid mode \"{mode}\": must be strict, balanced, or audit");
        else if (mode != "strict")
            problems.Add("the stand-in knows strict mode only");
        else if (config.Allowlist.Count == 0)
            problems.Add("strict mode requires at least one domain in api_allowlist");
        if (document.Get("request_body_scanning.action", "warn") is var action and not ("warn" or "block"))
            problems.Add($"invalid request_body_scanning.action \"{action}\": must be warn or block");
        if (config.MaxBodyBytes < 0)
            problems.Add("request_body_scanning.max_body_bytes must not be negative");
        if (!document.Get("forward_proxy.enabled", false))
            problems.Add("the stand-in is a forward proxy only: forward_proxy.enabled must be true");
        if (!document.Get("tls_interception.enabled", false))
            problems.Add("the stand-in always intercepts: tls_interception.enabled must be true");
        if (document.Get("forward_proxy.sni_verification", true))
            problems.Add("the stand-in knows no SNI verification: forward_proxy.sni_verification must be false");
    }

    private static void CheckAuthority(StandInConfig config, List<string> problems)
    {
        if (!File.Exists(config.CaCertificate))
            problems.Add($"CA cert not found at {config.CaCertificate}");
        if (!File.Exists(config.CaKey))
            problems.Add($"CA key not found at {config.CaKey}");
        else if ((File.GetUnixFileMode(config.CaKey) & TooPermissive) != 0)
            problems.Add($"CA key {config.CaKey} is too permissive (mode {Convert.ToString((int)File.GetUnixFileMode(config.CaKey), 8)}): restrict to 0600 or 0640");
    }

    private static IPEndPoint Endpoint(string text, List<string> problems)
    {
        if (IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0)
            return endpoint;
        problems.Add($"fetch_proxy.listen: no address and port: {text}");
        return new IPEndPoint(IPAddress.Loopback, 8888);
    }

    private static List<IPNetwork> Networks(IEnumerable<string> texts, List<string> problems)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 && network.ToString() == text)
                networks.Add(network);
            else
                problems.Add($"ssrf.ip_allowlist: no CIDR without host bits: \"{text}\"");
        }
        return networks;
    }
}
