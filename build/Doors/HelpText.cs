using System.Text;

namespace Bottle.Build.Doors;

/// <summary>Help for a person at a door: an overview, or one target. Made of <see cref="TargetCatalogue"/> and <see cref="BottleArguments.Known"/>.</summary>
public static class HelpText
{
    // What a terminal shows at least.
    private const int Width = 80;
    private const int ArgumentColumn = 35;
    private const int TargetColumn = 20;

    private static readonly (string Target, string[] Arguments, string Meaning)[] Examples =
    [
        ("Start", ["--agent=demo", "--yes", "--setup"], "run the demo; install and build what is missing"),
        ("Plan", ["--agent=demo"], "what would run, and what it could reach"),
        ("Explain", ["--agent=demo", "--url='POST https://api.demo.test/v1/x'"], "which layer answers what, and by which line"),
        ("Render", ["--agent=demo", "--out=rendered"], "the Compose file and all configuration, without an engine"),
        ("Cleanup", [], "remove what a killed run left"),
    ];

    /// <summary>What there is.</summary>
    public static string Overview(Door door)
    {
        var text = new StringBuilder();
        text.Append("Bottle runs an AI agent where it reaches only what its manifest allows.\n\n");
        foreach (var (target, arguments, meaning) in Examples)
            text.Append($"  # {meaning}\n  {door.Command(target, arguments)}\n");
        AppendTargets(text, door, "Commands", TargetGroup.Command);
        AppendTargets(text, door, "Stages (each runs what it depends on, and stops there)", TargetGroup.Stage);
        if (door.Clone is not null)
            AppendTargets(text, door, "Bottle's own repository", TargetGroup.Repository);
        text.Append("\nArguments\n");
        foreach (var argument in BottleArguments.Known)
            AppendArgument(text, argument);
        text.Append($"\n{door.Command("Help", $"--about={door.Spelling(TargetCatalogue.Find("Start")!)}")} says more of one of them.{door.MoreHelp}\n");
        return text.ToString();
    }

    /// <summary>One target: how it is typed, what it takes, what runs before it.</summary>
    public static string Of(TargetInfo target, Door door)
    {
        var text = new StringBuilder();
        var bare = target.Bare is null ? null : BottleArguments.Known.Single(argument => argument.Name == target.Bare);
        text.Append($"{door.Command(target.Name, bare is null ? [] : [door.Bare(bare)])}\n\n");
        AppendRow(text, "", 1, $"{target.Description}.");
        text.Append("\nArguments\n");
        foreach (var argument in target.Arguments)
            AppendArgument(text, argument);
        if (target.Dependencies.Count > 0)
        {
            text.Append("\nRuns first what it depends on:\n");
            AppendRow(text, "", 1, string.Join(", ", target.Dependencies));
        }

        if (target.Group == TargetGroup.Stage)
            text.Append($"\nA stage of a launch. It leaves up what is up; '{door.Command("Graph")}' draws them all.\n");

        return text.ToString();
    }

    private static void AppendTargets(StringBuilder text, Door door, string title, TargetGroup group)
    {
        text.Append($"\n{title}\n");
        foreach (var target in TargetCatalogue.All.Where(target => target.Group == group))
            AppendRow(text, door.Spelling(target), TargetColumn, target.Description);
    }

    private static void AppendArgument(StringBuilder text, ArgumentDefinition argument) =>
        AppendRow(text, argument.Form, ArgumentColumn, argument.Meaning);

    // Between words, and below the first of them.
    private static void AppendRow(StringBuilder text, string name, int column, string meaning)
    {
        var line = new StringBuilder($"  {name.PadRight(column - 1)}");
        foreach (var word in meaning.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width && line.Length > column + 1)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(' ', column + 1);
            }
            line.Append(' ').Append(word);
        }

        text.Append(line).Append('\n');
    }
}
