using Bottle.Core.Manifests;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

[Parallelizable(ParallelScope.All)]
public sealed class HomeConfigurationTests
{
    [Test]
    public void Roots_and_subnets_are_read_with_their_places()
    {
        var read = ManifestReader.ReadHomeConfiguration("config.yaml", "upstream_ca: company.pem\nsubnets: 10.99.0.0/16\n");
        Assert.That(read.Diagnostics, Is.Empty);
        Assert.That(read.Manifest?.UpstreamCa?.Value, Is.EqualTo("company.pem"));
        Assert.That(read.Manifest?.Subnets?.Where.ToString(), Is.EqualTo("config.yaml:2:10"));
    }

    [Test]
    public void What_becomes_of_a_run_without_its_terminal_is_one_of_two()
    {
        Assert.That(ManifestReader.ReadHomeConfiguration("config.yaml", "on_hangup: detach\n").Manifest?.OnHangup?.Value, Is.EqualTo("detach"));
        var wrong = ManifestReader.ReadHomeConfiguration("config.yaml", "on_hangup: detatch\n").Diagnostics.Single();
        Assert.That(wrong.ToString(), Does.Contain("config.yaml:1:12").Or.Contain("detach"));
    }

    [Test]
    public void The_command_for_proposals_is_a_list_of_words()
    {
        var read = ManifestReader.ReadHomeConfiguration("config.yaml", "on_proposal: [notify-send, \"a bottle asks\"]\n");
        Assert.That(read.Manifest?.OnProposal.Select(word => word.Value), Is.EqualTo(new[] { "notify-send", "a bottle asks" }));
        Assert.That(ManifestReader.ReadHomeConfiguration("config.yaml", "on_proposal: notify-send\n").Diagnostics.Single().Message, Does.Contain("a list"));
    }

    [Test]
    public void A_key_of_a_later_version_is_refused_and_not_ignored() =>
        Assert.That(ManifestReader.ReadHomeConfiguration("config.yaml", "images: {}\n").Diagnostics.Select(d => d.Code), Is.EqualTo(new[] { "BTL2001" }));

    [Test]
    public void An_unknown_key_is_an_error_with_the_nearest_one() =>
        Assert.That(ManifestReader.ReadHomeConfiguration("config.yaml", "subnet: 10.99.0.0/16\n").Diagnostics.Single().Fix, Does.Contain("subnets"));
}
