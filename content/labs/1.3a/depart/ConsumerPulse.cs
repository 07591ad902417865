namespace Formation.OrderConsumer;

/// <summary>Ce que la boucle de lecture dit d'elle-même, et que les sondes lisent depuis d'autres threads.</summary>
public sealed class ConsumerPulse
{
    private long lastReturn = Environment.TickCount64;
    private volatile bool assigned;

    /// <summary>Temps écoulé depuis le dernier retour de <c>Consume</c>.</summary>
    public TimeSpan Age =>
        TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref lastReturn));

    /// <summary>Vrai dès que le groupe nous a donné une part, même vide.</summary>
    public bool Assigned
    {
        get => assigned;
        set => assigned = value;
    }

    /// <summary><c>Consume</c> vient de rendre la main, avec ou sans message.</summary>
    public void Beat() => Interlocked.Exchange(ref lastReturn, Environment.TickCount64);
}
