using System.Text.RegularExpressions;
using Bottle.Core.Manifests;

namespace Bottle.Host.Registries;

/// <summary>The package managers behind the presets.</summary>
internal static partial class RegistryClients
{
    private static readonly Dictionary<string, RegistryClient> Clients = new(StringComparer.Ordinal)
    {
        [PresetName.Npm] = new()
        {
            Variables = ["npm_config_registry", "NPM_CONFIG_REGISTRY"],
            Commands = [["npm", "config", "get", "registry"]],
            Files = ["~/.npmrc", "/etc/npmrc"],
            FindInFile = text => Settings(text, "registry"),
        },
        [PresetName.PyPi] = new()
        {
            Variables = ["PIP_INDEX_URL"],
            // "pip config" does not print defaults; the help shows the index that would be used, configuration included.
            Commands = [["pip3", "install", "--help"], ["pip", "install", "--help"], ["python3", "-m", "pip", "install", "--help"]],
            Find = output => PipIndex().Match(output).Value,
            Files = ["~/.config/pip/pip.conf", "~/.pip/pip.conf", "/etc/pip.conf"],
            FindInFile = text => Settings(text, "index-url"),
        },
        [PresetName.NuGet] = new()
        {
            Commands = [["dotnet", "nuget", "list", "source", "--format", "short"]],
            Find = output => Lines(output, line => line.StartsWith("E ", StringComparison.Ordinal)),
        },
        [PresetName.Crates] = new()
        {
            // A replaced source takes its URL from [source.NAME]; cargo itself prints no configuration.
            Variables = ["CARGO_REGISTRIES_CRATES_IO_INDEX"],
            Files = ["~/.cargo/config.toml", "~/.cargo/config"],
            FindInFile = text => Settings(text, "registry") + '\n' + Settings(text, "index"),
        },
        [PresetName.Go] = new()
        {
            Commands = [["go", "env", "GOPROXY", "GOSUMDB"]],
            Variables = ["GOPROXY"],
            Find = WithChecksums,
        },
        [PresetName.Debian] = new()
        {
            Commands = [["apt-get", "indextargets", "--format", "$(REPO_URI)"]],
        },
    };

    /// <summary>The client of a preset; null when the preset's hosts are known beforehand.</summary>
    public static RegistryClient? Of(string preset) => Clients.GetValueOrDefault(preset);

    // GOSUMDB is a bare host, with a key or another URL behind it; "off" is none.
    private static string WithChecksums(string output) => output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var proxies, var database, ..]
        && database.Split(' ', '+')[0] is var host && host.Contains('.', StringComparison.Ordinal) ? $"{proxies}\nhttps://{host}/\n{database}" : output;

    private static string Settings(string text, string key) => Lines(text, line => line.Split('=') is [var name, _, ..] && name.Trim() == key);

    private static string Lines(string text, Func<string, bool> wanted) => string.Join('\n', text.Split('\n').Where(wanted));

    [GeneratedRegex(@"--index-url <url>.*?\(default:?\s+\S+\)", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PipIndex();
}
