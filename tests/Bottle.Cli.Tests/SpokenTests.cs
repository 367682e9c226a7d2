using Bottle.Build.Doors;

namespace Bottle.Cli.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class SpokenTests
{
    private static readonly ToolDoor Door = new("/nowhere", []);

    [TestCase("see them: dotnet cake --target=List", ExpectedResult = "see them: bottle list")]
    [TestCase("run --target=Cleanup again", ExpectedResult = "run bottle cleanup again")]
    [TestCase("next: dotnet cake --target=ComposeUp --bottle=demo-k3x9a", ExpectedResult = "next: bottle compose-up --bottle=demo-k3x9a")]
    [TestCase("(--target=Cleanup), or --target=List.", ExpectedResult = "(bottle cleanup), or bottle list.")]
    [TestCase("what '--target=<stage>', --target=x and --target= mean", ExpectedResult = "what '--target=<stage>', --target=x and --target= mean")]
    [TestCase("dotnet cake --target=Plan", ExpectedResult = "bottle plan")]
    [TestCase("nothing to type", ExpectedResult = "nothing to type")]
    public string Messages_say_what_is_typed_at_this_door(string text) => Door.Spoken(text);

    [Test]
    public void A_command_shows_bare_what_may_stand_bare() => Assert.That(Door.Command("Start", "--agent=demo", "--yes"), Is.EqualTo("bottle start demo --yes"));
}
