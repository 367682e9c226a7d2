namespace Bottle.Scenarios;

/// <summary>Door 2 as a user types it: <c>bottle …</c>, away from any clone.</summary>
internal static class Tool
{
    /// <summary>The program and its words.</summary>
    internal static string[] Words(params IEnumerable<string> words) => ["dotnet", Path.Combine(AppContext.BaseDirectory, "Bottle.Cli.dll"), .. words];

    internal static Cake Start(BottleHomeFolder home, string[] words, IReadOnlyDictionary<string, string>? environment = null) => Cake.Start(home, home.Home.Root, Words(words), environment);

    internal static async Task<(int Code, string Output, string Error)> RunAsync(BottleHomeFolder home, string[] words, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var tool = Start(home, words, environment);
        var code = await tool.ExitAsync();
        TestContext.Out.WriteLine(tool.All);
        return (code, tool.Output, tool.Error);
    }
}
