// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../lib/Types.sol";
import { IERC721 } from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @notice Relation of a model to a parent.
enum Relation {
    Finetune,
    Adapter,
    Merge,
    Quantized
}

/// @notice Terms of a model for buyers and for children. Amounts are in units of the 6-decimal token.
/// @param price Price of one copy.
/// @param collateral Collateral that the buyer locks for a copy.
/// @param fee Fee that the host pays for a million tokens served to others.
/// @param royaltyBps Royalty of the income of every descendant, after the cuts, in basis points.
/// @param floorBps Part of `price`, `collateral`, `fee` and `leakBps` that every descendant asks at least, in basis
/// points.
/// @param leakBps Part of the collateral that stays behind a closed copy and is released slowly, in basis points.
/// @param licence Bits: 1 `DERIVE`, 2 `FREE_TO_DERIVE`, 4 `COMMERCIAL`.
struct Terms {
    uint64 price;
    uint64 collateral;
    uint64 fee;
    uint16 royaltyBps;
    uint16 floorBps;
    uint16 leakBps;
    uint16 licence;
}

/// @notice Least amounts that a model may ask, in units of the 6-decimal token, and least part of the collateral that is
/// a leak bond, in basis points.
struct Floors {
    uint64 price;
    uint64 collateral;
    uint64 fee;
    uint16 leakBps;
}

/// @notice A commitment to the keys of one version and their candidate responses, made before its first order.
/// @param root Merkle root (`IndexedMerkle`) of the pool.
/// @param since When it was made, in protocol time.
struct KeyPool {
    bytes32 root;
    uint64 since;
}

/// @notice Values that an order depends on.
struct Offer {
    Terms terms;
    bool retired;
    bool minterNamed;
    bytes32 keyPoolRoot;
}

/// @notice A parent, as named by the creator of a child.
/// @param termsHash Hash of the parent's terms that the creator read. Protects against a change of terms before the
/// registration is included.
/// @param copyId Active copy of the parent held by the creator; 0 if the parent is free to derive.
struct ParentRef {
    ModelId id;
    Relation relation;
    bytes32 termsHash;
    CopyId copyId;
}

/// @notice A parent, as stored with the child. It never changes.
struct ParentEdge {
    ModelId parent;
    Relation relation;
}

/// @notice An ancestor that earns from a model, and its part of what the model earns after the cuts. It never changes.
struct Ancestor {
    ModelId id;
    uint16 royaltyBps;
}

/// @notice The bond that the registration has locked. It never changes; `IOrigins` knows what is left of it.
/// @param since When the model was registered, in protocol time.
/// @param amount Amount, in units of the 6-decimal token.
/// @param epochs Number of epochs for which it is locked.
struct FirstBond {
    uint40 since;
    uint40 amount;
    uint16 epochs;
}

/// @title Permanent record of models: versions, terms and the family tree.
/// @notice Registration deploys the model's shares and gives all of them to the creator. Its *controller* is who has
/// announced itself as the holder of a majority of them (`IModelShares`), or else its governor, whose address is known
/// before it is created. The model's ERC-721 token is the record of who made it, and stays with its creator.
///
/// What a model owes its ancestors is fixed when it is registered, and its children inherit it unchanged:
///   - its *lineage*: the ancestors that earn from it, each with the royalty that it asked when its own child was
///     registered. A royalty is absolute: 20 % is 20 % of what each descendant earns after the cuts. An ancestor
///     reached on two paths counts once, with the larger royalty. At most 16 ancestors earn, and at most 50 % together.
///     Ancestors that ask nothing are not in it.
///   - its *floors*: the least price, collateral, fee and leak bond that its terms may ask, the largest of its parents'.
///   - its *allowed licence*: the bits that all parents' licences have.
///
/// Registering, and each later version, locks a bond with which the caller answers for having named all parents: see
/// `IOrigins`, also for ancestors that a court has entered.
///
/// A version is sold once its *key pool* has been committed to, by minters that the controller has named.
interface IModelRegistry is IERC721 {
    /// @notice No model has this number.
    error ModelUnknown(ModelId id);

    /// @notice The model is retired: it can no longer be sold, changed or derived from.
    error ModelRetired(ModelId id);

    /// @notice The token says who made the model, and stays where it is. Sell shares instead.
    error RecordNotTransferable(ModelId id);

    /// @notice Only the controller of the model may call this.
    error NotController(address caller, address controller);

    /// @notice A version needs the Merkle root of its files.
    error ManifestRootMissing();

    /// @notice The metadata URI must have between 1 and `maxLength` bytes.
    error MetadataUriLength(uint256 length, uint256 maxLength);

    /// @notice The royalty for children is above the cap.
    error RoyaltyAboveCap(uint16 royaltyBps, uint16 capBps);

    /// @notice The licence has unknown bits.
    error LicenceUnknown(uint16 licence, uint16 knownBits);

    /// @notice A model has at most `maxCount` parents.
    error TooManyParents(uint256 count, uint256 maxCount);

    /// @notice A parent may be named only once.
    error ParentTwice(ModelId parent);

    /// @notice The parent's licence does not allow children.
    error NotDerivable(ModelId parent);

    /// @notice The parent is not free to derive, and the creator does not hold this active copy of it.
    error CopyNotHeld(CopyId copyId, ModelId parent, address creator);

    /// @notice The parent's terms are not the ones that the creator read.
    error TermsChanged(ModelId parent, bytes32 termsHash, bytes32 expected);

    /// @notice More ancestors would earn from the model than a payment can credit.
    error TooManyAncestors(uint256 count, uint256 maxCount);

    /// @notice The royalties to all ancestors together exceed the cap.
    error RoyaltiesAboveCap(uint256 totalBps, uint256 capBps);

    /// @notice A part of the own terms must be at most 100 %.
    error FloorAboveWhole(uint16 floorBps, uint256 wholeBps);

    /// @notice The terms ask less than an ancestor was promised.
    error PriceBelowFloor(uint64 price, uint64 floor);

    /// @notice The terms ask less than an ancestor was promised.
    error CollateralBelowFloor(uint64 collateral, uint64 floor);

    /// @notice The terms ask less than an ancestor was promised.
    error FeeBelowFloor(uint64 fee, uint64 floor);

    /// @notice The terms ask less than an ancestor was promised.
    error LeakBondBelowFloor(uint16 leakBps, uint16 floorBps);

    /// @notice The leak bond is at most all of the collateral.
    error LeakBondAboveWhole(uint16 leakBps, uint256 wholeBps);

    /// @notice Only the controller and the minters that it has named may commit to a key pool.
    error NotKeyPoolMaker(address caller, ModelId id);

    /// @notice A key pool needs a root.
    error KeyPoolRootMissing();

    /// @notice The version's key pool was committed to before. It never changes.
    error KeyPoolCommitted(ModelId id, uint32 version, bytes32 root);

    /// @notice The licence allows what a parent's licence did not.
    error LicenceTooWide(uint16 licence, uint16 allowed);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice A model was registered, and its shares were deployed.
    event Registered(ModelId indexed id, address indexed creator, address shares);

    /// @notice An edge was added to the family tree. It is permanent.
    event ParentAdded(ModelId indexed child, ModelId indexed parent, Relation relation);

    /// @notice What the model owes its ancestors was fixed.
    event LineageSet(ModelId indexed id, Ancestor[] lineage, Floors floors, uint16 allowedLicence);

    /// @notice A version was added. The first version is 1.
    event VersionAdded(ModelId indexed id, uint32 version, bytes32 manifestRoot, string metadataURI);

    /// @notice The terms for future copies and children were set. `termsVersion` counts from 1.
    event TermsSet(ModelId indexed id, uint32 termsVersion, bytes32 termsHash, Terms terms);

    /// @notice The controller named a minter for the model, or took the name back.
    event MinterNamed(ModelId indexed id, address indexed minter, bool named);

    /// @notice The keys of a version and their candidate responses were fixed.
    event KeyPoolSet(ModelId indexed id, uint32 version, bytes32 root);

    /// @notice The model was retired. Sold copies and owed money are not affected.
    event Retired(ModelId indexed id);

    /// @notice Registers a model with its first version, and gives the caller its token and all of its shares. Locks the
    /// caller's bond, for which it must have approved `IOrigins` (`IProtocol.origin`).
    /// @dev Reverts unless each parent exists, is not retired, allows the caller to derive and has the terms that the
    /// caller read. Parents exist before their child, so there are no cycles.
    /// @param manifestRoot Merkle root of the version's files.
    /// @param metadataURI URI of the description, which contains its hash (RFC 6920).
    /// @param minters Accounts that may mint copies of the model (`nameMinter`).
    /// @return id Number of the new model.
    function register(
        bytes32 manifestRoot,
        string calldata metadataURI,
        Terms calldata modelTerms,
        ParentRef[] calldata parentRefs,
        address[] calldata minters
    ) external returns (ModelId id);

    /// @notice Adds a version. Existing copies keep the version that they were ordered for. Locks a bond of its own.
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external;

    /// @notice Sets the terms for future copies and children. Existing copies and edges keep theirs.
    function setTerms(ModelId id, Terms calldata modelTerms) external;

    /// @notice Names an account that may mint copies of the model, or takes the name back. Affects later orders only.
    function nameMinter(ModelId id, address minter, bool named) external;

    /// @notice Fixes the key pool of a version, once. The controller may call this, and the minters that it has named.
    function commitKeyPool(ModelId id, uint32 version, bytes32 root) external;

    /// @notice Stops sales permanently. Sold copies and owed money are not affected.
    function retire(ModelId id) external;

    /// @notice Number of models. They are numbered from 1 to this.
    function totalModels() external view returns (uint256);

    /// @notice Whether the model exists.
    function exists(ModelId id) external view returns (bool);

    /// @notice Whether sales have stopped.
    function retired(ModelId id) external view returns (bool);

    /// @notice Current terms.
    function terms(ModelId id) external view returns (Terms memory);

    /// @notice `keccak256(abi.encode(terms))` of the current terms.
    function termsHash(ModelId id) external view returns (bytes32);

    /// @notice The bond that the registration has locked. Its owner is the model's creator.
    function firstBond(ModelId id) external view returns (FirstBond memory);

    /// @notice Royalty that the model's terms asked at a time in the past.
    function royaltyAt(ModelId id, uint64 time) external view returns (uint16 royaltyBps);

    /// @notice Number of versions, which is also the number of the newest.
    function versionCount(ModelId id) external view returns (uint32);

    /// @notice One version.
    function version(ModelId id, uint32 number) external view returns (bytes32 manifestRoot, string memory metadataURI);

    /// @notice Parents, at most 8.
    function parents(ModelId id) external view returns (ParentEdge[] memory);

    /// @notice Ancestors that earn from the model, at most 16. They never change.
    function lineage(ModelId id) external view returns (Ancestor[] memory);

    /// @notice Least amounts that the model's terms may ask, and the licence bits that they may have. They never change.
    function obligations(ModelId id) external view returns (Floors memory floors, uint16 allowedLicence);

    /// @notice Account that decides for the model: the announced holder of a majority, or else its governor.
    function controllerOf(ModelId id) external view returns (address);

    /// @notice The model's shares (see `IModelShares`).
    function shares(ModelId id) external view returns (address);

    /// @notice Whether the controller has named this account for the model.
    function minterNamed(ModelId id, address minter) external view returns (bool);

    /// @notice Key pool of a version, or all zeros if there is none.
    function keyPool(ModelId id, uint32 version) external view returns (KeyPool memory);

    /// @notice Values that an order of a version from a minter depends on, in one call.
    function offer(ModelId id, uint32 version, address minter) external view returns (Offer memory);
}
