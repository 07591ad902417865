namespace Formation.ScaledConsumer;

// <events>
/// <summary>Numéros des événements que lit <c>scripts/mesurer.sh</c> : ils font partie du contrat, ne les changez pas.</summary>
public static class Events
{
    /// <summary>Des partitions arrivent.</summary>
    public static readonly EventId Assigned = new(101, nameof(Assigned));

    /// <summary>Des partitions sont rendues.</summary>
    public static readonly EventId Revoked = new(102, nameof(Revoked));

    /// <summary>Des partitions ont été perdues : le groupe nous croyait morts.</summary>
    public static readonly EventId Lost = new(103, nameof(Lost));

    /// <summary>Une commande est traitée, son offset stocké.</summary>
    public static readonly EventId Processed = new(110, nameof(Processed));

    /// <summary>Débit des dernières secondes.</summary>
    public static readonly EventId Throughput = new(120, nameof(Throughput));
}
// </events>
