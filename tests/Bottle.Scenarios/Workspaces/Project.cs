using Bottle.Host.Processes;

namespace Bottle.Scenarios.Workspaces;

/// <summary>A person's project: a folder <c>app</c> with a repository, an ignore rule and a committed <c>.env</c>.</summary>
internal sealed class Project : IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal Project()
    {
        Directory.CreateDirectory(Path);
        Write("a.txt", "a\n");
        Write("gone.txt", "g\n");
        Write(".env", "SECRET=1\n");
        Write(".gitignore", "node_modules/\n");
        Git("init", "--quiet", "--initial-branch=main");
        Git("add", "--all");
        Git("commit", "--quiet", "--message=first");
    }

    internal string Path => System.IO.Path.Combine(folder.Path, "app");

    internal string Status() => Git("status", "--porcelain");

    /// <summary>Where the tests' own user is root, the agent is uid 1000.</summary>
    internal async Task GiveToAgentAsync()
    {
        if (Environment.UserName == "root") await new CommandRunner().RunCheckedAsync(new Command("chown", "-R", "1000:1000", Path));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    private string Git(params string[] arguments) =>
        new CommandRunner().RunCheckedAsync(new Command("git", ["-C", Path, "-c", "user.name=T", "-c", "user.email=t@t.test", "-c", "safe.directory=*", .. arguments])).GetAwaiter().GetResult().Output;
}
