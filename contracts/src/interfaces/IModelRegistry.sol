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
/// @param fee Fee that the host pays for one inference served to others.
/// @param royaltyBps Royalty that each child registered under these terms owes, as a part of its income after the cuts.
/// @param licence Bits: 1 `DERIVE`, 2 `FREE_TO_DERIVE`, 4 `COMMERCIAL`.
struct Terms {
    uint96 price;
    uint96 collateral;
    uint64 fee;
    uint16 royaltyBps;
    uint16 licence;
}

/// @notice A parent, as named by the creator of a child.
/// @param maxRoyaltyBps Most that the creator agrees to owe. Protects against a change of terms before the registration
/// is included.
/// @param copyId Active copy of the parent held by the creator; 0 if the parent is free to derive.
struct ParentRef {
    ModelId id;
    Relation relation;
    uint16 maxRoyaltyBps;
    CopyId copyId;
}

/// @notice A parent, as stored with the child. It never changes.
struct ParentEdge {
    ModelId parent;
    Relation relation;
    uint16 royaltyBps;
}

/// @title Permanent record of models: versions, terms and the family tree.
/// @notice A model is an ERC-721 token, and its owner is the model's controller. Registration deploys the model's
/// shares and gives all of them to the creator. Token and shares can be transferred separately.
interface IModelRegistry is IERC721 {
    /// @notice No model has this number.
    error ModelUnknown(ModelId id);

    /// @notice The model is retired: it can no longer be sold, changed or derived from.
    error ModelRetired(ModelId id);

    /// @notice Only the owner of the model may call this.
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

    /// @notice The parent's royalty exceeds the most that the creator agreed to.
    error RoyaltyAboveMax(ModelId parent, uint16 royaltyBps, uint16 maxRoyaltyBps);

    /// @notice The royalties to all parents together exceed the cap.
    error RoyaltiesAboveCap(uint256 totalBps, uint256 capBps);

    /// @notice The child does not have this parent.
    error EdgeUnknown(ModelId child, ModelId parent);

    /// @notice The model has no such version.
    error VersionUnknown(ModelId id, uint32 version, uint32 versionCount);

    /// @notice A model was registered, and its shares were deployed.
    event Registered(ModelId indexed id, address indexed creator, address shares);

    /// @notice An edge was added to the family tree. It is permanent.
    event ParentAdded(ModelId indexed child, ModelId indexed parent, Relation relation, uint16 royaltyBps);

    /// @notice A version was added. The first version is 1.
    event VersionAdded(ModelId indexed id, uint32 version, bytes32 manifestRoot, string metadataURI);

    /// @notice The terms for future copies and children were set. `termsVersion` counts from 1.
    event TermsSet(ModelId indexed id, uint32 termsVersion, bytes32 termsHash, Terms terms);

    /// @notice The model was retired. Sold copies and owed money are not affected.
    event Retired(ModelId indexed id);

    /// @notice Registers a model with its first version, and gives the caller its token and all of its shares.
    /// @dev Reverts unless each parent exists, is not retired, allows the caller to derive and asks at most
    /// `maxRoyaltyBps`. Parents exist before their child, so there are no cycles.
    /// @param manifestRoot Merkle root of the version's files.
    /// @param metadataURI URI of the description, which contains its hash (RFC 6920).
    /// @return id Number of the new model.
    function register(
        bytes32 manifestRoot,
        string calldata metadataURI,
        Terms calldata modelTerms,
        ParentRef[] calldata parentRefs
    ) external returns (ModelId id);

    /// @notice Adds a version. Existing copies keep the version that they were ordered for.
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external;

    /// @notice Sets the terms for future copies and children. Existing copies and edges keep theirs.
    function setTerms(ModelId id, Terms calldata modelTerms) external;

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

    /// @notice Number of versions, which is also the number of the newest.
    function versionCount(ModelId id) external view returns (uint32);

    /// @notice One version.
    function version(ModelId id, uint32 number) external view returns (bytes32 manifestRoot, string memory metadataURI);

    /// @notice Parents, at most 8.
    function parents(ModelId id) external view returns (ParentEdge[] memory);

    /// @notice Royalty that the child owes this parent. Reverts if there is no such edge.
    function edgeRoyaltyBps(ModelId child, ModelId parent) external view returns (uint16);

    /// @notice Royalty that the model owes all its parents together.
    function royaltyBpsTotal(ModelId id) external view returns (uint16);

    /// @notice The model's shares (see `IModelShares`).
    function shares(ModelId id) external view returns (address);

    /// @notice Values that an order depends on, in one call.
    function offer(ModelId id) external view returns (Terms memory modelTerms, uint32 count, bool isRetired);

    /// @notice Values that the split of a payment depends on, in one call: the model's shares, and the royalty that it
    /// owes all its parents together.
    function payout(ModelId id) external view returns (address shares_, uint16 royaltyBps);
}
