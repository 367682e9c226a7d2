using System.Text;

namespace Bottle.Build.Doors;

/// <summary>Door 2, the <c>bottle</c> tool: anywhere, with Bottle's own files in its package.</summary>
/// <param name="root">Bottle's own files, unpacked (<see cref="ToolSource"/>).</param>
/// <param name="words">The command line.</param>
public sealed class ToolDoor(string root, IReadOnlyList<string> words) : Door
{
    private const string Target = "--target=";
    private const string Typed = "dotnet cake ";

    /// <inheritdoc/>
    public override string Root => root;

    /// <inheritdoc/>
    public override string UserDirectory { get; } = Directory.GetCurrentDirectory();

    /// <inheritdoc/>
    public override string? Clone => File.Exists(Path.Combine(UserDirectory, "bottle.cake")) ? UserDirectory : null;

    // A clone has the same bottles itself: they would only be reported as hidden.
    /// <inheritdoc/>
    public override string? ShippedBottles => Clone is null ? Path.Combine(root, "bottles") : null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => words;

    /// <inheritdoc/>
    public override string MoreHelp => "\neval \"$(bottle completion bash)\" completes what you type; zsh and fish can, too.";

    /// <inheritdoc/>
    public override string Spelling(TargetInfo target) => target.Verb;

    /// <inheritdoc/>
    public override string Bare(ArgumentDefinition argument) => argument.Value!;

    /// <inheritdoc/>
    public override DoorCommand Again(string target, params IEnumerable<string> arguments)
    {
        // As a tool it is a program of its own; `dotnet Bottle.Cli.dll` names the program in its first word.
        var own = Environment.GetCommandLineArgs()[0];
        IEnumerable<string> words = arguments.Prepend(VerbName.Of(target));
        return new(Environment.ProcessPath!, [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? words.Prepend(own) : words], UserDirectory);
    }

    /// <inheritdoc/>
    public override string Command(string target, params IEnumerable<string> arguments)
    {
        // What may stand bare is shown bare.
        var bare = $"--{TargetCatalogue.Find(target)?.Bare}=";
        return string.Join(' ', arguments.Select(argument => argument.StartsWith(bare, StringComparison.Ordinal) ? argument[bare.Length..] : argument).Prepend($"bottle {VerbName.Of(target)}"));
    }

    // Messages are written once, for door 1; what they tell to type must be true here too. By hand: every start speaks, and a regular expression takes its time to be set up.
    /// <inheritdoc/>
    public override string Spoken(string text)
    {
        var spoken = new StringBuilder();
        var from = 0;
        for (var at = text.IndexOf(Target, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Target, from, StringComparison.Ordinal))
        {
            var end = at + Target.Length;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
                end++;
            // A target begins with a capital; anything else stands there for itself.
            var isTarget = end > at + Target.Length && char.IsAsciiLetterUpper(text[at + Target.Length]);
            var before = text.AsSpan(from, at - from);
            spoken.Append(isTarget && before.EndsWith(Typed, StringComparison.Ordinal) ? before[..^Typed.Length] : before)
                .Append(isTarget ? $"bottle {VerbName.Of(text[(at + Target.Length)..end])}" : text[at..end]);
            from = end;
        }

        return from == 0 ? text : spoken.Append(text, from, text.Length - from).ToString();
    }
}
