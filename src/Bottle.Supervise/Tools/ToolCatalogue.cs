using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tools;

/// <summary>The tools as clients see them: <c>tools.json</c>, in the shape of <c>tools/list</c>, and <c>answer.json</c>, the result of every tool that asks a person.</summary>
internal static class ToolCatalogue
{
    /// <summary>Asks nobody.</summary>
    public const string ListRoutes = "list-egress-routes";

    /// <summary>The answer to <c>tools/list</c>.</summary>
    public static ListToolsResult All { get; } = Read();

    private static ListToolsResult Read()
    {
        var list = JsonSerializer.Deserialize(Resource("tools.json"), (JsonTypeInfo<ListToolsResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ListToolsResult)))!;
        using var answer = JsonDocument.Parse(Resource("answer.json"));
        foreach (var tool in list.Tools.Where(tool => tool.Name != ListRoutes))
        {
            tool.OutputSchema = answer.RootElement.Clone();
        }
        return list;
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(ToolCatalogue).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
