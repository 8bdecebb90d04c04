// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";
import { FirstBond } from "./IModelRegistry.sol";

/// @notice The bond behind one version: its owner answers for it that the model names all its parents. Times are seconds of
/// protocol time.
/// @param owner Who put it up, and may claim it.
/// @param amount What is left of it; 0 once it was taken or claimed.
/// @param since When the version was published; 0 while the bond waits for it.
/// @param until First second at which it may be claimed. No case opens from then on.
/// @param openCases Number of open cases about the version. The bond cannot leave while there are any.
struct OriginBond {
    address owner;
    uint64 amount;
    uint64 since;
    uint64 until;
    uint16 openCases;
}

/// @title Origins: who a model descends from, beyond what its creator has named.
/// @notice Registering a model locks a bond, and so does each later version. If a court finds that the version's weights
/// descend from a model that was registered earlier and is not named, the bond is lost, and that ancestor is *entered*: from
/// then on it earns, of all that the model earns after the cuts, the royalty that its terms asked when the version was
/// published.
///
/// Entered ancestors stand outside of the lineage that was fixed at registration, and outside of its 16 places and 50 %:
/// no lineage, however full, keeps a parent out. There are four such places. They are paid from the shareholders' part,
/// in proportion if they ask more than all of it. Where all four are taken, a case names the one whose place its ancestor
/// should take, and the panel judges that too: that it was put there to keep others out.
///
/// What a parent owes, its children owe. Anyone may carry an ancestor into descendants by showing the path (`carry`). A child
/// that was registered before the version with the hidden parent was published owes nothing: else a parent could raise what
/// its children pay, by hiding a model of its own in a later version.
/// @dev Warning: the token must transfer exactly the requested amount, as USDC does.
interface IOrigins {
    /// @notice Only the model registry may call this.
    error NotRegistry(address caller, address registry);

    /// @notice Only the court's contract for undeclared parents may call this.
    error NotCourt(address caller, address court);

    /// @notice The bond is locked until `until`, and longer while a case about the version is open.
    error BondLocked(uint64 time, uint64 until, uint16 openCases);

    /// @notice The time to open a case about this version is over, or there is no such version.
    error BondReleased(ModelId id, uint32 version, uint64 time, uint64 until);

    /// @notice A bond can be put up in advance for the next version of a model that exists, once.
    error VersionNotNext(ModelId id, uint32 version, uint32 versionCount);

    /// @notice The ancestor earns nothing from the first model of the path.
    error NotAncestor(ModelId ancestor, ModelId model);

    /// @notice `parent` is neither a named parent nor an entered ancestor of `child`.
    error NotParent(ModelId parent, ModelId child);

    /// @notice A path needs two models at least.
    error PathTooShort(uint256 length);

    /// @notice The model was registered before the version with the hidden parent was published.
    error PublishedBefore(ModelId model, uint64 registeredAt, uint64 since);

    /// @notice The ancestor earns from this model already.
    error AncestorKnown(ModelId ancestor, ModelId model);

    /// @notice All places for entered ancestors are taken.
    error PlacesTaken(ModelId model, uint256 places);

    /// @notice A bond was put up for a version that is not published yet.
    event BondWaits(ModelId indexed id, uint32 version, address indexed owner, uint64 amount);

    /// @notice A version was published, and its bond is locked until `until`.
    event BondSet(ModelId indexed id, uint32 version, address indexed owner, uint64 amount, uint64 until);

    /// @notice A bond went back to its owner.
    event BondClaimed(ModelId indexed id, uint32 version, address indexed owner, uint64 amount);

    /// @notice A bond was taken. `bounty` of it went to the court, the rest was burned.
    event BondTaken(ModelId indexed id, uint32 version, uint64 taken, uint64 bounty);

    /// @notice An ancestor was entered. It earns from now on, in place of `displaced` if this is not 0.
    event AncestorEntered(ModelId indexed id, ModelId indexed ancestor, uint16 royaltyBps, ModelId displaced);

    /// @notice Pulls the bond of a model's first version from its creator, who is the caller of the registry.
    function lockFirst(ModelId id, address creator, FirstBond calldata bond) external;

    /// @notice Locks the bond of a later version that is being published. Pulls it from the caller of the registry, unless it has
    /// not allowed that much and a bond was put up in advance.
    function lock(ModelId id, uint32 version, address caller) external;

    /// @notice Puts up the bond for the next version of a model, so that a decision of its holders can publish it: a
    /// governor has no money. It serves where the publisher has allowed none of its own.
    function putUp(ModelId id, uint32 version) external;

    /// @notice Returns a bond to its owner, after its time. Anyone may call this; the money goes to the owner. One that waits
    /// for a version may be claimed at any time, by its owner.
    function claim(ModelId id, uint32 version) external returns (uint64 amount);

    /// @notice Carries an ancestor into a descendant that it earns nothing from yet. Anyone may call this.
    /// @param ancestor Model that earns from the first model of the path.
    /// @param path Models from parent to child. Each is a named parent or an entered ancestor of the next, and the last is
    /// the model that the ancestor is entered into.
    function carry(ModelId ancestor, ModelId[] calldata path) external;

    /// @notice Freezes the bond for a case. Only the court may call this. Reverts with `BondReleased` after its time.
    function openCase(ModelId id, uint32 version) external;

    /// @notice Ends a case. Only the court may call this.
    function closeCase(ModelId id, uint32 version) external;

    /// @notice Takes up to `most` of a bond. At most `maxBounty`, and the protocol's share of what is taken, goes to the
    /// court. The rest is burned. Only the court may call this.
    function take(ModelId id, uint32 version, uint256 most, uint256 maxBounty)
        external
        returns (uint64 taken, uint64 bounty);

    /// @notice Enters an ancestor, with the royalty that its terms asked when the version was published. Only the court may
    /// call this. Does nothing if the ancestor is known, or if all places are taken and none of them by `displaced`.
    function enter(ModelId id, uint32 version, ModelId ancestor, ModelId displaced) external;

    /// @notice The bond of one version, or all zeros if there is none.
    function bonds(ModelId id, uint32 version) external view returns (OriginBond memory);

    /// @notice From when on children of the model owe an ancestor that was entered: when the version that hid it was published.
    function enteredSince(ModelId id, ModelId ancestor) external view returns (uint64);

    /// @notice Whether an ancestor can be entered: a place is free, or taken by `displaced`.
    function hasPlace(ModelId id, ModelId displaced) external view returns (bool);

    /// @notice Whether the ancestor is a named parent of the model, earns from it by its lineage, or is entered.
    function isKnown(ModelId id, ModelId ancestor) external view returns (bool);
}
