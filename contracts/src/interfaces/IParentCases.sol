// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";
import { IMatter } from "./IMatter.sol";

/// @notice What a case about an undeclared parent claims: that the weights of the subject's version descend from `ancestor`.
/// @param version Version of the subject.
/// @param ancestor Model that was registered earlier.
/// @param ancestorVersion Version of the ancestor whose key pool is tested.
/// @param displaced Where all four places for entered ancestors are taken: the one whose place the ancestor should take,
/// because it was put there to keep others out. Otherwise 0.
struct Descent {
    uint32 version;
    ModelId ancestor;
    uint32 ancestorVersion;
    ModelId displaced;
}

/// @notice A key of a pool with its candidates, and the proof that it is the leaf at its index.
struct PooledKey {
    bytes pooled;
    bytes32[] siblings;
}

/// @title Cases about undeclared parents: a model's published weights descend from another model that it does not name.
/// @notice The subject is the child, and the owner of its version's bond stands accused. The target is the `Descent`.
///
/// **What convicts.** The weights that the child's creator has published answer keys of the ancestor. Only a model that was
/// registered before the child can be entered, by keys that its pool committed to before the version was published, so that
/// nobody makes keys for weights that it has seen. Agreeing weights alone never suffice, and neither do answers that weights
/// from before the ancestor give as well: so nobody taxes what was public. The threshold is ln(10⁹ × models) nats. The
/// eighth of the pool that is drawn with the panel must stand open. Opening it discloses its keys to everybody.
///
/// **What follows.** The bond is taken, and the ancestor is entered (`IOrigins`). A case can be opened until the bond's
/// release, also when it was lost to another.
///
/// **Who may take part.** The owner of the bond, and the child's creator and controller, can neither open, join nor judge.
/// The ancestor's creator and controller may open and join, and may not judge.
interface IParentCases is IMatter {
    /// @notice An ancestor is registered before its descendants.
    error NotEarlier(ModelId ancestor, ModelId child);

    /// @notice The ancestor's key pool must have been committed to before the version was published. Times are seconds of
    /// protocol time; 0 if there is no pool.
    error KeyPoolNotEarlier(ModelId ancestor, uint32 version, uint64 since, uint64 publishedAt);

    /// @notice The key does not stand at this place of the pool.
    error PooledKeyInvalid(ModelId id, uint256 index);

    /// @notice A key of a pool was opened, with its candidates.
    event PooledKeyOpened(ModelId indexed id, uint32 version, uint256 index, bytes pooled);

    /// @notice Opens keys of an eighth of a pool, one after the other from the first that is not open. Anyone who has them
    /// may call this.
    /// @param eighth From 0: the keys from ⌊count × eighth / 8⌋ on.
    /// @param count Number of keys in the pool.
    function openKeys(ModelId id, uint32 version, uint8 eighth, uint64 count, PooledKey[] calldata keys) external;

    /// @notice How many keys of an eighth stand open, and how many it has; 0 until the first was opened.
    function progress(ModelId id, uint32 version, uint8 eighth) external view returns (uint32 opened, uint32 keys);

    /// @notice The target of a case.
    function targetOf(Descent calldata descent) external pure returns (bytes32);

    /// @notice What a target claims.
    function descentOf(bytes32 target) external pure returns (Descent memory);
}
