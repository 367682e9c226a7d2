using Bottle.Build.Doors;
using Bottle.Cli;
using Bottle.Host.State;

if (args is ["--version"])
{
    Console.Out.WriteLine($"bottle {typeof(ToolHost).Assembly.GetName().Version!.ToString(3)}");
    return 0;
}

if (args is ["completion", .. var shells] && (shells is [] or ["--help"] or ["-h"]))
{
    Console.Out.WriteLine(CompletionScripts.Help);
    return shells is [] ? 2 : 0;
}

if (args is ["completion", var shell])
    return CompletionScripts.Print(shell, Console.Out, Console.Error);
if (args is ["complete", "--", .. var words])
{
    foreach (var candidate in new Completion(new CompletionValues(BottleHome.FromEnvironment(), ToolHost.Door([]))).Candidates(words))
        Console.Out.WriteLine(candidate);
    return 0;
}

return ToolHost.Run(new VerbLine(args, TargetCatalogue.All, ToolHost.IsRun));
