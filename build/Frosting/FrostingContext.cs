using Cake.Core;

namespace Cake.Frosting;

/// <summary>What tasks get.</summary>
public interface IFrostingContext : ICakeContext;

/// <summary>A context that adds to Cake's own.</summary>
public abstract class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
