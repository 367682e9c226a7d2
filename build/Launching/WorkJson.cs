using System.Text.Json;
using Bottle.Build.Runs;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Launching;

/// <summary>What was saved of an agent's directory as one JSON document.</summary>
internal static class WorkJson
{
    /// <summary><c>{"identity", "directory", "patch", "files": [{"path", "change", "added", "removed", "flag"}], "left_behind": [{"path", "reason"}], "left_behind_unnamed", "not_taken", "ignored", "set_id"}</c>.</summary>
    internal static string Render(string identity, string patch, WorkRecord work) => RunJson.Document(json =>
    {
        json.WriteString("identity", identity);
        json.WriteString("directory", work.Directory);
        json.WriteString("patch", patch);
        json.WriteStartArray("files");
        foreach (var file in work.Files) File(json, file);
        json.WriteEndArray();
        json.WriteStartArray("left_behind");
        foreach (var left in work.LeftBehind)
        {
            json.WriteStartObject();
            json.WriteString("path", left.Path);
            json.WriteString("reason", left.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("left_behind_unnamed", work.Unnamed);
        json.WriteNumber("not_taken", work.NotTaken);
        json.WriteNumber("ignored", work.Ignored);
        json.WriteNumber("set_id", work.SetId);
    });

    private static void File(Utf8JsonWriter json, WorkFile file)
    {
        json.WriteStartObject();
        json.WriteString("path", file.Path);
        json.WriteString("change", file.Change);
        json.WriteNumber("added", file.Added);
        json.WriteNumber("removed", file.Removed);
        json.WriteString("flag", file.Flag);
        json.WriteEndObject();
    }
}
