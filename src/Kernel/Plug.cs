namespace Madang.Kernel;

/// <summary>Marks an interface that other modules fill. Every other interface must have two implementations, or a law test fails.</summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class PlugAttribute(string purpose) : Attribute
{
    /// <summary>What is plugged in, and by whom.</summary>
    public string Purpose { get; } = purpose;
}

/// <summary>
/// Something that happened, named in the past tense; saved in the transaction of the change it tells of, and delivered at
/// least once, in order within its partition.
/// </summary>
[Plug("Each module names what happened in it; other modules react.")]
public interface IFact;
