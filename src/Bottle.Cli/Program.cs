using Bottle.Build.Doors;
using Bottle.Cli;
using Bottle.Host.State;

if (args is ["completion", var shell])
    return CompletionScripts.Print(shell, Console.Out, Console.Error);
if (args is ["complete", "--", .. var words])
{
    foreach (var candidate in new Completion(new CompletionValues(BottleHome.FromEnvironment(), ToolHost.Door([]))).Candidates(words))
        Console.Out.WriteLine(candidate);
    return 0;
}

return ToolHost.Run(new VerbLine(args, TargetCatalogue.All, ToolHost.IsRun));
