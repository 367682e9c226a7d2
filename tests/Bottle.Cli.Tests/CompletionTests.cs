using System.Diagnostics;
using Bottle.Build.Doors;
using Bottle.Host.State;

namespace Bottle.Cli.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class CompletionTests
{
    [TestCase("st", ExpectedResult = "start,status,stop,stop-engine")]
    [TestCase("render|--o", ExpectedResult = "--out=")]
    [TestCase("render|--format=", ExpectedResult = "--format=json,--format=text")]
    [TestCase("render|--format|j", ExpectedResult = "json")]
    [TestCase("plan|", ExpectedResult = "dev,dev-k3x9a,other")]
    [TestCase("plan|--agent=d", ExpectedResult = "--agent=dev")]
    [TestCase("plan|--agent|o", ExpectedResult = "other")]
    [TestCase("cleanup|d", ExpectedResult = "dev-k3x9a")]
    [TestCase("changes|d", ExpectedResult = "dev-ended,dev-k3x9a")]
    [TestCase("receipt|d", ExpectedResult = "dev-ended,dev-k3x9a")]
    [TestCase("stop|d", ExpectedResult = "dev-k3x9a")]
    [TestCase("start|--de", ExpectedResult = "--detach")]
    [TestCase("start|--up", ExpectedResult = "--upstream-ca=")]
    [TestCase("compose-up|--de", ExpectedResult = "")]
    [TestCase("cleanup|--fo", ExpectedResult = "--force=,--format=")]
    [TestCase("help|dump", ExpectedResult = "dump-logs")]
    [TestCase("completion|", ExpectedResult = "bash,fish,zsh")]
    [TestCase("no-such-verb|", ExpectedResult = "")]
    public string It_offers_what_could_stand_there(string words)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(Path.Combine(tool.Home, "state", "dev-k3x9a"));
        Directory.CreateDirectory(Path.Combine(tool.Home, "runs", "dev-ended"));
        var agents = Directory.CreateDirectory(Path.Combine(tool.Home, "bottles", "agents")).FullName;
        foreach (var agent in new[] { "dev", "other" })
            File.WriteAllText(Path.Combine(agents, $"{agent}.md"), "---\nbottle: dev\n---\n");
        return string.Join(',', new Completion(new CompletionValues(new BottleHome(tool.Home), new Anywhere(tool.Work))).Candidates(words.Split('|')));
    }

    [Test]
    public async Task Bash_offers_it_to_who_presses_Tab()
    {
        using var tool = new Tool();
        var bin = Directory.CreateDirectory(Path.Combine(tool.Work, "bin")).FullName;
        var shim = Path.Combine(bin, "bottle");
        await File.WriteAllTextAsync(shim, $"#!/bin/sh\nexec dotnet '{Tool.Program}' \"$@\"\n");
        File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        const string Script = """
            eval "$(bottle completion bash)"
            press() { COMP_LINE="$1"; COMP_POINT=${#1}; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMPREPLY=(); _bottle 2>/dev/null; echo "${COMPREPLY[*]}"; }
            press 'bottle dump'
            press 'bottle plan --form'
            press 'bottle plan --format='
            press 'bottle plan '
            """;
        var start = new ProcessStartInfo("bash", ["-c", Script]) { WorkingDirectory = tool.Work, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CLAUDE_BOTTLE_HOME"] = tool.Home;
        var (_, output, error) = await Tool.FinishAsync(start);

        Assert.That(output.Split('\n')[..4], Is.EqualTo(new[] { "dump-logs", "--format=", "json text", "codex demo demo-git demo-supervise implementer" }), error);
    }

    private sealed class Anywhere(string work) : Door
    {
        public override string Root => work;

        public override string UserDirectory => work;

        public override string? Clone => null;

        public override IReadOnlyList<string> Words => [];

        public override string Command(string target, params IEnumerable<string> arguments) => target;

        public override DoorCommand Again(string target, params IEnumerable<string> arguments) => new(target, [.. arguments], work);

        public override string Spelling(TargetInfo target) => target.Name;

        public override string Bare(Build.ArgumentDefinition argument) => argument.Name;
    }
}
