using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Writes a file of the agent's home, into what the agent has there already.</summary>
public static class HomeFileRenderer
{
    /// <summary>The folder in which the agents of Bottle's own images begin.</summary>
    public const string AgentHome = "/home/agent";

    /// <summary>The file's text.</summary>
    /// <param name="file">What the plan has.</param>
    /// <param name="existing">What is there, null for nothing; where a JSON object is wanted, anything else counts as nothing.</param>
    /// <param name="workingDirectory">Where the agent's command starts.</param>
    public static string Render(HomeFile file, string? existing = null, string workingDirectory = AgentHome)
    {
        string Fill(string text) => text.Replace(HomeFile.WorkingDirectory, workingDirectory, StringComparison.Ordinal);
        switch (file.Kind)
        {
            case HomeFileKind.Json:
                var whole = JsonObjects.Parse(existing) ?? [];
                JsonObjects.Merge(whole, JsonObjects.Parse(file.Text) ?? [], Fill);
                return JsonObjects.Text(whole);
            case HomeFileKind.Instructions when !string.IsNullOrEmpty(existing):
                return existing.Contains(file.Text.TrimEnd('\n'), StringComparison.Ordinal) ? existing : $"{file.Text}\n{existing}";
            case HomeFileKind.Instructions:
                // A person's prose: nothing in it is ours to replace.
                return file.Text;
            default:
                return string.IsNullOrEmpty(existing) ? Fill(file.Text) : existing;
        }
    }
}
