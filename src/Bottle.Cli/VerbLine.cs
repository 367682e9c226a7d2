using Bottle.Build;
using Bottle.Build.Doors;

namespace Bottle.Cli;

/// <summary>
/// What was typed at door 2, as the arguments that door 1 takes: <c>start demo</c> is <c>--target=Start --agent=demo</c>. A value may follow its name (<c>--out DIR</c>), and a bare word is what its target takes first.
/// Judges nothing: the command line's own check says what is wrong, in the same words at both doors.
/// </summary>
public sealed class VerbLine
{
    private const string Bare = "true";
    private readonly List<GivenValue> values = [];
    private readonly Func<string, bool> isRun;

    /// <summary>Reads a command line.</summary>
    /// <param name="words">The words after <c>bottle</c>.</param>
    /// <param name="targets">The targets that there are.</param>
    /// <param name="isRun">Whether a word is the identity of a run that exists: such a word means that run, also where an agent's name could stand.</param>
    public VerbLine(IReadOnlyList<string> words, IReadOnlyList<TargetInfo> targets, Func<string, bool> isRun)
    {
        this.isRun = isRun;
        TargetInfo? verb = null;
        var hasVerb = false;
        var asksForHelp = false;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word is "--help" or "-h")
                asksForHelp = true;
            else if (word.Length > 1 && word.StartsWith('-'))
                index += AddOption(word.TrimStart('-'), index + 1 < words.Count ? words[index + 1] : null);
            else if (!hasVerb && word == "help")
                asksForHelp = hasVerb = true;
            else if (verb is null && (asksForHelp || !hasVerb))
                verb = AddVerb(word, targets, ref hasVerb);
            else
                AddWord(word, verb);
        }

        if (asksForHelp || !values.Exists(value => value.Name == "target"))
            AskForHelp();
    }

    /// <summary>Names without dashes, and values, in the order typed.</summary>
    public IReadOnlyList<GivenValue> Values => values;

    /// <summary>The words as door 1 would get them.</summary>
    public IReadOnlyList<string> Words => [.. values.Select(value => $"--{value.Name}={value.Value}")];

    /// <summary>Words that no argument takes.</summary>
    public IReadOnlyList<string> Superfluous { get; private set; } = [];

    private int AddOption(string option, string? next)
    {
        var sign = option.IndexOf('=', StringComparison.Ordinal);
        var name = sign < 0 ? option : option[..sign];
        if (sign >= 0)
        {
            values.Add(new GivenValue(name, option[(sign + 1)..]));
            return 0;
        }

        var takesValue = name is "target" or "verbosity" || BottleArguments.Known.Any(argument => argument is { Value: not null, IsValueOptional: false } && argument.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var hasValue = takesValue && next is not null && !next.StartsWith('-');
        values.Add(new GivenValue(name, hasValue ? next! : Bare));
        return hasValue ? 1 : 0;
    }

    // A verb that there is not stays as it was typed, for the message.
    private TargetInfo? AddVerb(string word, IReadOnlyList<TargetInfo> targets, ref bool hasVerb)
    {
        hasVerb = true;
        var name = VerbName.TargetOf(word, targets.Select(target => target.Name));
        values.Add(new GivenValue("target", name ?? word));
        return targets.FirstOrDefault(target => target.Name == name);
    }

    private void AddWord(string word, TargetInfo? verb)
    {
        if (verb is null)
            return; // the verb that there is not is reported
        if (verb.Bare is not { } name || values.Exists(value => value.Name == name))
            Superfluous = [.. Superfluous, word];
        else
            values.Add(new GivenValue(name == "agent" && isRun(word) && verb.Arguments.Any(argument => argument.Name == "bottle") ? "bottle" : name, word));
    }

    private void AskForHelp()
    {
        var about = values.Find(value => value.Name == "target")?.Value;
        values.RemoveAll(value => value.Name is "target" or "about");
        values.Add(new GivenValue("target", "Help"));
        if (about is not null and not "Help")
            values.Add(new GivenValue("about", about));
    }
}
