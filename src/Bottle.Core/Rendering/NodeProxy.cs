namespace Bottle.Core.Rendering;

/// <summary>
/// A script that every Node process of the agent loads (NODE_OPTIONS). Versions before 22.21, and with them those of Debian and Ubuntu, do not read the proxy variables: their fetch would only fail. Newer ones are left alone.
/// </summary>
internal static class NodeProxy
{
    /// <summary>The script, as it is mounted.</summary>
    public static string Script { get; } = Read();

    private static string Read()
    {
        using var reader = new StreamReader(typeof(NodeProxy).Assembly.GetManifestResourceStream("node-proxy.cjs")!);
        return reader.ReadToEnd();
    }
}
