using System.Text.Json;
using System.Text.Json.Nodes;
using Bottle.Host.State;

namespace Bottle.Host.Docker;

/// <summary>
/// The docker client's own configuration folder. Its <c>proxies</c> go into the environment of every container that Compose makes (measured with Compose 2.26) and of every <c>RUN</c> of a build,
/// often with a password in them, beside what the Compose file or the Dockerfile says: a bottle must not get them, nor an image that may come from a stranger.
/// </summary>
internal static class ClientConfiguration
{
    private const string File = "config.json";

    private static readonly string[] ForRegistries = ["auths", "credsStore", "credHelpers"];

    // Contexts and certificates lead to the engine; user-wide plugins can hold Compose itself.
    private static readonly string[] Linked = ["contexts", "cli-plugins", "ca.pem", "cert.pem", "key.pem"];

    /// <summary>The operator's folder: <c>DOCKER_CONFIG</c>, or <c>~/.docker</c>.</summary>
    public static string OperatorFolder => Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } own
        ? own
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");

    /// <summary>The context that every client has, and that leads to the engine of this machine.</summary>
    public const string OwnContext = "default";

    /// <summary>Whether the operator's client uses another context than its own.</summary>
    public static bool NamesContext(string operatorFolder)
    {
        try
        {
            return Path.Combine(operatorFolder, File) is var file && System.IO.File.Exists(file)
                && (Parse(System.IO.File.ReadAllText(file)) is not { } configuration || configuration["currentContext"] is { } context && context.ToString() is not ("" or OwnContext));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>
    /// Writes a configuration without proxies into <paramref name="target"/> and returns it; null when the operator's has none and can be used as it is.
    /// What is for registries stays out of it, unless <paramref name="keepsRegistries"/>: then the caller removes the folder when its command has ended.
    /// </summary>
    public static string? WithoutProxies(string operatorFolder, string target, bool keepsRegistries = false)
    {
        var file = Path.Combine(operatorFolder, File);
        if (!System.IO.File.Exists(file) || Parse(System.IO.File.ReadAllText(file)) is not { } configuration || configuration["proxies"] is null)
            return null;
        foreach (var key in keepsRegistries ? ["proxies"] : ForRegistries.Append("proxies"))
            configuration.Remove(key);
        SafeFolder.CreateBelow(Path.GetDirectoryName(target)!, Path.GetFileName(target), owner: null);
        AtomicFile.Write(Path.Combine(target, File), configuration.ToJsonString(), AtomicFile.Secret);
        foreach (var name in Linked.Where(n => Path.Exists(Path.Combine(operatorFolder, n)) && !Path.Exists(Path.Combine(target, n))))
            System.IO.File.CreateSymbolicLink(Path.Combine(target, name), Path.GetFullPath(Path.Combine(operatorFolder, name)));
        return target;
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // The client does not read it either, and says so.
            return null;
        }
    }
}
