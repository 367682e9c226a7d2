using System.Text;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Writes the agent's git configuration (SPEC H1): who commits, and every spelling of an upstream led to the gate.</summary>
public static class GitConfigRenderer
{
    /// <summary>The file; nothing without the gate.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) => plan.GitGate is { } gate ? [new RenderedFile(StateLayout.AgentGitConfig, Write(gate))] : [];

    private static string Write(GitGatePlan gate)
    {
        var text = new StringBuilder("# Written by Bottle: declared repositories are reached through the git-gate, whatever their address is written like.\n");
        text.Append("[user]\n");
        Entry(text, "name", gate.Author.Name);
        Entry(text, "email", gate.Author.Email);
        foreach (var remote in gate.Remotes)
        {
            text.Append("[url ").Append(Quoted(remote.Url)).Append("]\n");
            foreach (var spelling in remote.Upstream.Spellings)
                Entry(text, "insteadOf", spelling);
        }
        return text.ToString();
    }

    private static void Entry(StringBuilder text, string key, string value) => text.Append('\t').Append(key).Append(" = ").Append(Quoted(value)).Append('\n');

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
