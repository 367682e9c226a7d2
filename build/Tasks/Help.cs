using Bottle.Build.Console;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Says what one can type.</summary>
[TaskDescription("Says what one can type")]
internal sealed class Help : FrostingTask<BottleContext>
{
    private static readonly (string Line, string Meaning)[] Examples =
    [
        ("--target=Start --agent=demo --yes --setup", "run the demo; install and build what is missing"),
        ("--target=Plan --agent=demo", "what would run, and what it could reach"),
        ("--target=Render --agent=demo --out=DIR", "the Compose file and all configuration, without an engine"),
        ("--target=List", "agents, bottles and runs"),
        ("--target=Cleanup", "remove what a killed run left"),
        ("--target=Test --setup", "the tests"),
        ("--target=Start --tree", "the graph of stages"),
    ];

    public override void Run(BottleContext context)
    {
        // With JSON, standard output is for documents.
        Action<string> say = context.Arguments.Json ? context.Console.Say : context.Console.Data.WriteLine;
        say("Bottle runs an AI agent where it reaches only what its manifest allows.");
        say("");
        foreach (var (line, meaning) in Examples) say($"  dotnet cake {line,-44} {meaning}");
        say("");
        say("Arguments");
        foreach (var argument in BottleArguments.Known)
            say($"  --{(argument.Value is null ? argument.Name : $"{argument.Name}={argument.Value}"),-28} {argument.Meaning}");
    }
}
