using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Rendering;
using Bottle.Host.Apply;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable] // EDITOR is of the whole process
internal sealed class RouteEditorTests : IDisposable
{
    private static readonly RoutesFile Table = new() { Generation = 3, Routes = [new Route { Host = "api.example.com", PathAllowlist = ["/v1/x"], Source = "bottles/dev.md:7" }] };

    private readonly TemporaryFolder folder = new();
    private readonly string? visual = Environment.GetEnvironmentVariable("VISUAL");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("VISUAL", visual);
        folder.Dispose();
    }

    [Test]
    public async Task The_editor_gets_a_file_of_the_operators_own_and_words_are_its_arguments()
    {
        Use("""stat -c '%a %u' "$2" > "$0.seen"; sed -i "s#$1#/v1/y#" "$2" """, "/v1/x");
        var text = await EditAsync();
        Assert.That(RouteEditor.Read(text, Table).Routes.Single(), Has.Property("Source").EqualTo("bottles/dev.md:7").And.Property("PathAllowlist").EqualTo(new[] { "/v1/y" }));
        Assert.That((await File.ReadAllTextAsync(Path.Combine(folder.Path, "editor.seen"))).Split(' ')[0], Is.EqualTo("600"));
        Assert.That(Directory.GetFiles(folder.Path, "edit-*"), Is.Empty);
    }

    [Test]
    public async Task An_editor_that_fails_changes_nothing()
    {
        Use("exit 1");
        Assert.That((await Assert.ThrowsAsync<BottleException>(EditAsync))!.Diagnostics[0].Code, Is.EqualTo("BTL7109"));
        Use("""rm "$1" """);
        Assert.That((await Assert.ThrowsAsync<BottleException>(EditAsync))!.Diagnostics[0].Code, Is.EqualTo("BTL7109"));
        Assert.That(Directory.GetFiles(folder.Path, "edit-*"), Is.Empty);
    }

    [Test]
    public void What_is_not_the_persons_to_change_is_refused() =>
        Assert.That(Assert.Throws<BottleException>(() => RouteEditor.Read(RouteEditor.Text(Table with { Generation = 9 }, "x"), Table))!.Diagnostics[0].Message, Does.Contain("'generation'"));

    [TestCase("", true)]
    [TestCase("budget: {requests: 5}\n", false)]
    [TestCase("- {host: other.example.com}\n", false)]
    public void Who_writes_another_route_for_a_proposal_writes_one_and_nothing_beside_it(string more, bool isOne)
    {
        var text = RoutesRenderer.Write(Table with { Routes = [Table.Routes[0]] }) + more;
        if (isOne)
            Assert.That(RouteEditor.ReadOne(text, Table).Host, Is.EqualTo(Table.Routes[0].Host));
        else
            Assert.That(Assert.Throws<BottleException>(() => RouteEditor.ReadOne(text, Table))!.Diagnostics[0].Code, Is.EqualTo("BTL7110"));
    }

    private Task<string> EditAsync() => new RouteEditor(new BottleHome(folder.Path), new CommandRunner()).EditAsync(RouteEditor.Text(Table, "the table"), CancellationToken.None);

    private void Use(string script, params string[] words)
    {
        var path = Path.Combine(folder.Path, "editor");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("VISUAL", string.Join(' ', [path, .. words]));
    }
}
