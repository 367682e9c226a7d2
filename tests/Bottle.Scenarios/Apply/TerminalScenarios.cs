using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Scenarios.Apply;

/// <summary>What a person meets who decides at a terminal: y/N, an editor that is left in every way, Ctrl-C.</summary>
[RequiresEngine]
[NonParallelizable]
internal sealed class TerminalScenarios
{
    private ApplyBottle bottle = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        bottle = await ApplyBottle.StartAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (bottle is null) return;
        try
        {
            Assert.That(await bottle.StopAsync(), Is.Empty);
        }
        finally
        {
            bottle.Dispose();
        }
    }

    [Test]
    public async Task A_question_is_granted_by_a_clear_yes_only()
    {
        const string url = "https://asked.demo.test/v1/asked";
        var call = bottle.AskAsync("egress-block", new { url, reason = "at a terminal" });
        var id = (await bottle.SeeAsync("/v1/asked")).Proposal.Id;
        foreach (var (typed, expected) in new[] { ("n", 17), ("", 17), ("y", 0) })
        {
            await using var terminal = await TypeAsync($"--target=Approve --proposal={id}");
            Assert.That(await terminal.SeesAsync("Apply it? [y/N]"), Does.Contain($"GET {url}").And.Contain("“at a terminal”").And.Contain("+  - host: \"asked.demo.test\""));
            await terminal.TypeAsync(typed, "Enter");
            var (code, screen) = await terminal.EndAsync();
            Assert.That(code, Is.EqualTo(expected), screen);
            Assert.That(screen, Does.Contain(expected == 0 ? "is in force, confirmed by egress" : "nothing was changed: the question was not answered with y"));
            Assert.That(await bottle.StatusAsync(url), Is.EqualTo(expected == 0 ? "200" : "403"));
        }
        Assert.That(await call, Does.Contain("\"status\":\"applied\""));
    }

    [Test]
    public async Task What_is_granted_otherwise_is_edited_until_it_can_be_granted()
    {
        var call = bottle.AskAsync("egress-block", new { url = "https://asked.demo.test/v1/narrow", reason = "as it comes" });
        var id = (await bottle.SeeAsync("/v1/narrow")).Proposal.Id;
        await using var terminal = await TypeAsync($"--target=Approve --edit --proposal={id}",
            """sed -i 's#/v1/narrow#v1 narrow#' "$1" """, """sed -i 's#v1 narrow#/v1/narrow#; s#^routes:#routes: []\nold:#' "$1" """, """sed -i '/^routes: \[\]/d; s#^old:#routes:#; s#/v1/narrow#/v1/wide/*#' "$1" """);
        Assert.That(await terminal.SeesAsync("Edit it again? [Y/n]"), Does.Contain("BTL7110"));
        await terminal.TypeAsync("Enter");
        // The second one is wrong otherwise, and starts from what was written, not from the beginning.
        await terminal.SeesAsync("'old'");
        await terminal.TypeAsync("Enter");
        Assert.That(await terminal.SeesAsync("Apply it? [y/N]"), Does.Contain("/v1/wide/*"));
        await terminal.TypeAsync("y", "Enter");
        Assert.That((await terminal.EndAsync()).Code, Is.Zero);
        Assert.That(await call, Does.Contain("\"status\":\"applied\"").And.Contain("/v1/wide/*"));
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/wide/x"), Is.EqualTo("200"));
        Assert.That(Leftovers, Is.Empty);
    }

    [TestCase("true", 17, "BTL7112", "the file is as it was opened")]
    [TestCase("exit 3", 17, "BTL7109", "exit code 3")]
    [TestCase("rm \"$1\"", 17, "BTL7109", "the file is gone")]
    [TestCase("kill -9 $$", 17, "BTL7109", "ended by signal 9")]
    public async Task An_editor_that_leaves_nothing_new_changes_nothing(string does, int expected, string said, string why)
    {
        var before = await bottle.RevisionAsync();
        await using var terminal = await TypeAsync("--target=EditRoutes", does);
        var (code, screen) = await terminal.EndAsync();
        Assert.That(code, Is.EqualTo(expected), screen);
        Assert.That(screen, Does.Contain(said).And.Contain(why));
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before));
        Assert.That(Leftovers, Is.Empty);
    }

    [Test]
    public async Task An_emptied_file_is_no_empty_table_and_giving_up_changes_nothing()
    {
        var before = await bottle.RevisionAsync();
        await using var terminal = await TypeAsync("--target=EditRoutes", ": > \"$1\"");
        Assert.That(await terminal.SeesAsync("Edit it again? [Y/n]"), Does.Contain("BTL7110").And.Contain("empty"));
        await terminal.TypeAsync("n", "Enter");
        var (code, screen) = await terminal.EndAsync();
        Assert.That(code, Is.EqualTo(17), screen);
        Assert.That(screen, Does.Contain("BTL7115").And.Contain("'routes: []' is the table without a route"));
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Ctrl_C_in_the_editor_is_the_editors_key_and_one_that_dies_of_it_changes_nothing()
    {
        var before = await bottle.RevisionAsync();
        await using var terminal = await TypeAsync("--target=EditRoutes", "echo editing-$((40+2)); sleep 600");
        await terminal.SeesAsync("editing-42");
        await terminal.TypeAsync("C-c");
        var (code, screen) = await terminal.EndAsync();
        Assert.That(code, Is.EqualTo(17), screen);
        Assert.That(screen, Does.Contain("BTL7109").And.Contain("it was ended by signal 2"));
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before));
        Assert.That(Leftovers, Is.Empty);
    }

    [Test]
    public async Task Ctrl_C_at_the_question_needs_no_line_after_it()
    {
        var before = await bottle.RevisionAsync();
        await using var terminal = await TypeAsync("--target=EditRoutes", """sed -i 's#"/v1/[*]"#"/v1/*", "/typed/*"#' "$1" """);
        await terminal.SeesAsync("Apply it? [y/N]");
        await terminal.TypeAsync("C-c");
        var (code, screen) = await terminal.EndAsync();
        Assert.That(code, Is.EqualTo(130), screen);
        Assert.That(screen, Does.Contain("\nstopped by SIGINT"));
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before));
        Assert.That(Leftovers, Is.Empty);
    }

    [Test]
    public async Task A_table_is_edited_seen_and_applied()
    {
        var before = await bottle.RevisionAsync();
        await using var terminal = await TypeAsync("--target=EditRoutes", """sed -i 's#"/v1/[*]"#"/v1/*", "/typed/*"#' "$1" """);
        Assert.That(await terminal.SeesAsync("Apply it? [y/N]"), Does.Contain("/typed/*"));
        await terminal.TypeAsync("y", "Enter");
        Assert.That((await terminal.EndAsync()).Code, Is.Zero);
        Assert.That(await bottle.RevisionAsync(), Is.EqualTo(before + 1));
        Assert.That(await bottle.StatusAsync("https://kept.demo.test/typed/x"), Is.EqualTo("200"));
    }

    private string[] Leftovers => Directory.GetFiles(bottle.Home.Root, "edit-*");

    /// <summary>Types a command about the bottle; its editor does one of these after the other, the file as <c>$1</c>.</summary>
    private async Task<CakeTerminal> TypeAsync(string command, params string[] editor)
    {
        var script = Path.Combine(bottle.Home.Root, $"editor-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nnext=$(head -n 1 \"$0.steps\")\nsed -i 1d \"$0.steps\"\neval \"$next\"\n");
        await File.WriteAllLinesAsync($"{script}.steps", editor);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await CakeTerminal.CakeAsync(bottle.Folder, new Dictionary<string, string> { ["VISUAL"] = script }, $"{command} --bottle={bottle.Identity}");
    }
}
