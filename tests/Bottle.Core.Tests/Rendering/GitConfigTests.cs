using System.Diagnostics;
using Bottle.Contracts.Git;
using Bottle.Core.Rendering;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

[Parallelizable(ParallelScope.All)]
public sealed class GitConfigTests
{
    [TestCase("git@git.example.com:app.git", "git@git.example.com:app", true)]
    [TestCase("git@git.example.com:app.git", "git@git.example.com:/app.git", true)]
    [TestCase("git@git.example.com:app.git", "git@git.example.com:~/app.git", true)]
    [TestCase("git@git.example.com:app.git", "git.example.com:app.git", true)]
    [TestCase("git@git.example.com:app.git", "ssh://git@git.example.com/app", true)]
    [TestCase("ssh://git@git.example.com/team/app", "git@git.example.com:team/app.git", true)]
    [TestCase("ssh://git@git.example.com/team/app", "git+ssh://git@git.example.com:22/team/app.git", true)]
    [TestCase("ssh://git@git.example.com/team/app", "https://git.example.com/team/app.git", true)]
    [TestCase("ssh://git@git.example.com:2222/team/app", "ssh://git@git.example.com:2222/team/app.git", true)]
    [TestCase("ssh://git@git.example.com:2222/team/app", "git@git.example.com:team/app.git", false)]
    [TestCase("ssh://git@git.example.com:2222/team/app", "ssh://git@git.example.com/team/app.git", false)]
    [TestCase("ssh://git@git.example.com/~ada/app", "git@git.example.com:~ada/app.git", true)]
    public void Every_spelling_of_an_upstream_is_led_to_the_gate(string upstream, string written, bool led)
    {
        SshUpstream.TryParse(upstream, out var parsed, out _);
        Assert.That(parsed!.Spellings.Contains(written), Is.EqualTo(led));
    }

    [Test]
    public void No_spelling_stands_twice()
    {
        SshUpstream.TryParse("git@git.example.com:team/app.git", out var parsed, out _);
        Assert.That(parsed!.Spellings, Is.Unique.And.All.Not.Contains("//app").And.All.Not.Contains(".git.git"));
    }

    [Test]
    public void Git_itself_reads_the_file_as_it_was_meant()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, GitConfigRenderer.Render(GoldenTests.Plan("git-and-manifest"))[0].Text);
            Assert.That(Git(file, "user.name"), Is.EqualTo("Ada \"A\" \\ Lovelace"));
            Assert.That(Git(file, "url.git://git-gate/app.git.insteadOf").Split('\n'), Does.Contain("git@git.example.com:team/app.git").And.Contain("https://git.example.com/team/app"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Git(string file, string key)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["config", "--file", file, "--get-all", key]) { RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output.TrimEnd('\n');
    }
}
