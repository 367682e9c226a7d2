using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class IdentityTests
{
    [Test]
    public void An_identity_is_the_agents_name_and_five_base36_digits() =>
        Assert.That(Identity.For("implementer", 36 * 36 + 35).ToString(), Is.EqualTo("implementer-0010z"));

    [Test]
    public void Render_uses_five_zeros() => Assert.That(Identity.ForRender("demo").ToString(), Is.EqualTo("demo-00000"));

    [Test]
    public void What_is_written_reads_back([Values(0u, 1u, uint.MaxValue)] uint random)
    {
        var written = Identity.For("a-b-c", random);
        Assert.That(Identity.TryParse(written.ToString(), out var read), Is.True);
        Assert.That(read, Is.EqualTo(written));
        Assert.That(read!.Agent, Is.EqualTo("a-b-c"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("demo")]
    [TestCase("-k3x9a")]
    [TestCase("demo-k3x9")]
    [TestCase("demo-k3x9aa")]
    [TestCase("demo-K3X9A")]
    [TestCase("../x-k3x9a")]
    [TestCase("a/b-k3x9a")]
    [TestCase("-rf-k3x9a")]
    [TestCase("demo-k3x9a\n")]
    [TestCase("demo-k3x9٣")]
    public void Anything_else_is_no_identity(string? text) => Assert.That(Identity.TryParse(text, out _), Is.False);

    [Test]
    public void A_name_of_forty_characters_is_the_longest()
    {
        Assert.That(Identity.IsName(new string('a', 40)), Is.True);
        Assert.That(Identity.IsName(new string('a', 41)), Is.False);
        Assert.That(() => Identity.For(new string('a', 41), 0), Throws.ArgumentException);
    }
}
