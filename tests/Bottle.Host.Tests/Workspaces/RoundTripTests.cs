using NUnit.Framework;

namespace Bottle.Host.Tests.Workspaces;

/// <summary>Whatever an agent does to plain files of a project: brought home, the person's directory is as the agent's.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RoundTripTests
{
    private static readonly string[] Names = ["a.txt", "b", "dir/c.txt", "dir/sub/d e.txt", "dir/ü", "x.bin", "deep/er/still/f", "dir/sub", "b/below"];

    [Test]
    public async Task What_comes_home_is_what_the_agent_left([Range(1, 8)] int seed)
    {
        using var lab = new WorkLab();
        var random = new Random(seed);
        foreach (var name in Names.Take(7)) lab.Write(name, Text(random));
        if (seed % 2 == 0) lab.Commit();
        await lab.CopyAsync();
        for (var step = 0; step < 12; step++) Change(random, lab.Work, Names[random.Next(Names.Length)]);
        await lab.SaveAsync();
        var selection = await lab.BringAsync();
        Assert.That(selection.LeftOut, Is.Empty);
        Assert.That(Contents(lab.Project), Is.EqualTo(Contents(lab.Work)), $"seed {seed}");
    }

    private static void Change(Random random, string root, string name)
    {
        var path = Path.Combine(root, name);
        switch (random.Next(4))
        {
            case 0 when File.Exists(path):
                File.Delete(path);
                break;
            case 1 when File.Exists(path):
                File.SetUnixFileMode(path, (UnixFileMode)(random.Next(2) == 0 ? 0x1ED : 0x1A4));
                break;
            default:
                Clear(root, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                File.WriteAllText(path, Text(random));
                break;
        }
    }

    // A file stands where a folder must be.
    private static void Clear(string root, string name)
    {
        for (var folder = Path.GetDirectoryName(name); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(root, folder))) File.Delete(Path.Combine(root, folder));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(12) switch { 0 => "\0\u00e9", 1 => "\r\n", 2 => "diff --git a/x b/x\n", _ => $"line {random.Next(5)}\n" }));

    private static List<string> Contents(string root) =>
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.StartsWith(".git/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetUnixFileMode(Path.Combine(root, file)).HasFlag(UnixFileMode.UserExecute)} {Convert.ToHexString(File.ReadAllBytes(Path.Combine(root, file)))}")];
}
