using System.Text;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Explaining;

/// <summary>The page of one code (ARCHITECTURE.md, Diagnostics).</summary>
public sealed record CodePage
{
    /// <summary><c>BTL1203</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What happened, a sentence without a final stop.</summary>
    public required string What { get; init; }

    /// <summary>Why Bottle stops here; null where the message says it all.</summary>
    public string? Why { get; init; }

    /// <summary>The message as it can come out, with invented names.</summary>
    public string? Example { get; init; }

    /// <summary>How to mend it.</summary>
    public string? Fix { get; init; }

    /// <summary>What the first digit says (ARCHITECTURE.md).</summary>
    public string Phase => Code[3] switch
    {
        '0' => "command line",
        '1' => "manifest",
        '2' => "plan",
        '3' => "render and write",
        '4' => "engine and Compose",
        '5' => "session",
        '6' => "what the agent is told",
        '7' => "supervise",
        '8' => "teardown",
        _ => "a bug in Bottle",
    };

    /// <summary>The page for people.</summary>
    public string Text()
    {
        var text = new StringBuilder($"{Code} ({Phase})\n");
        Append(text, "What happened", What);
        Append(text, "Why Bottle stops here", Why);
        Append(text, "An example", Example);
        Append(text, "How to fix it", Fix);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, string? body)
    {
        if (body is null)
            return;
        text.Append($"\n{title}\n");
        foreach (var line in InertText.Block(body).TrimEnd('\n').Split('\n'))
            text.Append(line.Length == 0 ? "\n" : $"  {line}\n");
    }
}
