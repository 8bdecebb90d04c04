// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IModelGovernorFactory } from "../interfaces/IModelGovernorFactory.sol";
import {
    Ancestor,
    FirstBond,
    Floors,
    IModelRegistry,
    KeyPool,
    Offer,
    ParentEdge,
    ParentRef,
    Relation,
    Terms
} from "../interfaces/IModelRegistry.sol";
import { IModelShares } from "../interfaces/IModelShares.sol";
import { IOrigins } from "../interfaces/IOrigins.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { BPS, ModelId } from "../lib/Types.sol";
import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

uint16 constant LICENCE_DERIVE = 1;
uint16 constant LICENCE_FREE_TO_DERIVE = 2;
uint16 constant LICENCE_COMMERCIAL = 4;
uint16 constant LICENCE_KNOWN = LICENCE_DERIVE | LICENCE_FREE_TO_DERIVE | LICENCE_COMMERCIAL;

uint256 constant MAX_PARENTS = 8;
uint256 constant MAX_ANCESTORS = 16;
uint16 constant MAX_ROYALTY_BPS = 5000;
uint256 constant MAX_METADATA_URI_LENGTH = 256;

/// @notice See `IModelRegistry`.
contract ModelRegistry is ERC721, IModelRegistry {
    using Checkpoints for Checkpoints.Trace160;

    struct Version {
        bytes32 manifestRoot;
        string metadataURI;
    }

    /// @dev Three words. What never changes is stored behind the code of the shares, which costs a third of storage: the
    /// first version, the parents and the lineage (see `IModelShares`).
    /// @param ancestors Number of ancestors in the lineage.
    /// @param royalties Royalty by time; empty until it changes for the first time.
    struct Model {
        address shares;
        uint16 royaltyBps;
        uint8 licence;
        uint8 allowedLicence;
        uint24 versionCount;
        uint24 termsVersion;
        bool retired;
        uint8 ancestors;
        uint64 price;
        uint64 collateral;
        uint64 fee;
        uint16 floorBps;
        uint16 leakBps;
        Floors floors;
        mapping(uint256 number => Version) laterVersions;
        mapping(uint256 number => KeyPool) keyPools;
        mapping(address minter => bool) minterNamed;
        Checkpoints.Trace160 royalties;
    }

    /// @dev What a child inherits, collected from parent to parent.
    /// @param lineage Room for all ancestors of all parents, of which the first `count` are set.
    struct Inheritance {
        Ancestor[] lineage;
        uint256 count;
        Floors floors;
        uint16 allowedLicence;
    }

    /// @dev Clone arguments of the shares: number and manifest root (32 bytes each), number of parents and number of
    /// ancestors (1 byte each), the first version's bond (5 bytes for its second, 5 for the amount, 2 for the epochs), parents (6 bytes for the number, 1 for the relation), ancestors (6 bytes for the number,
    /// 2 for the royalty), URI.
    uint256 private constant ARGS_COUNTS = 64;
    uint256 private constant ARGS_BOND = 66;
    uint256 private constant BOND_BYTES = 12;
    uint256 private constant ARGS_PARENTS = ARGS_BOND + BOND_BYTES;
    uint256 private constant PARENT_BYTES = 7;
    uint256 private constant ANCESTOR_BYTES = 8;

    address private immutable SHARES_IMPLEMENTATION;
    ICopyRegistry private immutable COPY_REGISTRY;
    IProtocol private immutable PROTOCOL;
    IModelGovernorFactory private immutable GOVERNORS;
    IOrigins private immutable ORIGINS;
    uint64 private immutable EPOCH_LENGTH;

    /// @inheritdoc IModelRegistry
    uint256 public totalModels;

    mapping(ModelId id => Model) private _models;

    constructor(
        address sharesImplementation,
        ICopyRegistry copyRegistry,
        IProtocol protocol,
        IModelGovernorFactory governors,
        IOrigins origins
    ) ERC721("Kinmark models", "KINMARK") {
        SHARES_IMPLEMENTATION = sharesImplementation;
        COPY_REGISTRY = copyRegistry;
        PROTOCOL = protocol;
        GOVERNORS = governors;
        ORIGINS = origins;
        EPOCH_LENGTH = protocol.epochLength();
    }

    modifier onlyController(ModelId id) {
        bool isRetired = _model(id).retired;
        address controller = controllerOf(id);
        require(msg.sender == controller, NotController(msg.sender, controller));
        require(!isRetired, ModelRetired(id));
        _;
    }

    /* WRITES */

    /// @inheritdoc IModelRegistry
    function register(
        bytes32 manifestRoot,
        string calldata metadataURI,
        Terms calldata modelTerms,
        ParentRef[] calldata parentRefs,
        address[] calldata minters
    ) external returns (ModelId id) {
        PROTOCOL.requireOpen();
        require(parentRefs.length <= MAX_PARENTS, TooManyParents(parentRefs.length, MAX_PARENTS));
        _requireVersion(manifestRoot, metadataURI);

        Inheritance memory inherited = _inherit(parentRefs);

        id = ModelId.wrap(++totalModels);
        FirstBond memory bond = _firstBond();
        address shares_ = Clones.cloneWithImmutableArgs(
            SHARES_IMPLEMENTATION, _args(id, manifestRoot, metadataURI, parentRefs, inherited.lineage, bond)
        );
        emit Registered(id, msg.sender, shares_);

        Model storage model = _models[id];
        (model.shares, model.versionCount) = (shares_, 1);
        // at most 16, and 3 bits
        // forge-lint: disable-next-line(unsafe-typecast)
        (model.ancestors, model.allowedLicence) = (uint8(inherited.count), uint8(inherited.allowedLicence));
        if (parentRefs.length > 0) {
            model.floors = inherited.floors;
            for (uint256 i; i < parentRefs.length; ++i) {
                emit ParentAdded(id, parentRefs[i].id, parentRefs[i].relation);
            }
            emit LineageSet(id, inherited.lineage, inherited.floors, inherited.allowedLicence);
        }
        emit VersionAdded(id, 1, manifestRoot, metadataURI);
        _setTerms(id, modelTerms);
        for (uint256 i; i < minters.length; ++i) {
            _nameMinter(id, minters[i], true);
        }
        _mint(msg.sender, ModelId.unwrap(id));

        IModelShares(shares_).initialize(msg.sender);
        ORIGINS.lockFirst(id, msg.sender, bond);
    }

    /// @inheritdoc IModelRegistry
    function addVersion(ModelId id, bytes32 manifestRoot, string calldata metadataURI) external onlyController(id) {
        _requireVersion(manifestRoot, metadataURI);

        uint24 number = ++_models[id].versionCount;
        _models[id].laterVersions[number] = Version(manifestRoot, metadataURI);
        emit VersionAdded(id, number, manifestRoot, metadataURI);

        ORIGINS.lock(id, number, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function setTerms(ModelId id, Terms calldata modelTerms) external onlyController(id) {
        Model storage model = _models[id];
        if (modelTerms.royaltyBps != model.royaltyBps) {
            if (model.royalties.length() == 0) model.royalties.push(0, model.royaltyBps);
            model.royalties.push(PROTOCOL.time(), modelTerms.royaltyBps);
        }
        _setTerms(id, modelTerms);
    }

    /// @inheritdoc IModelRegistry
    function nameMinter(ModelId id, address minter, bool named) external onlyController(id) {
        _nameMinter(id, minter, named);
    }

    /// @inheritdoc IModelRegistry
    function commitKeyPool(ModelId id, uint32 number, bytes32 root) external {
        Model storage model = _model(id);
        uint32 count = model.versionCount;
        KeyPool memory before = model.keyPools[number];
        require(msg.sender == controllerOf(id) || model.minterNamed[msg.sender], NotKeyPoolMaker(msg.sender, id));
        require(number > 0 && number <= count, VersionUnknown(id, number, count));
        require(root != 0, KeyPoolRootMissing());
        require(before.root == 0, KeyPoolCommitted(id, number, before.root));

        model.keyPools[number] = KeyPool(root, PROTOCOL.time());
        emit KeyPoolSet(id, number, root);
    }

    /// @inheritdoc IModelRegistry
    function retire(ModelId id) external onlyController(id) {
        _models[id].retired = true;
        emit Retired(id);
    }

    /* VIEWS */

    /// @inheritdoc IModelRegistry
    function exists(ModelId id) public view returns (bool) {
        return _models[id].shares != address(0);
    }

    /// @inheritdoc IModelRegistry
    function retired(ModelId id) external view returns (bool) {
        return _model(id).retired;
    }

    /// @inheritdoc IModelRegistry
    function terms(ModelId id) public view returns (Terms memory) {
        Model storage model = _model(id);
        return Terms(
            model.price, model.collateral, model.fee, model.royaltyBps, model.floorBps, model.leakBps, model.licence
        );
    }

    /// @inheritdoc IModelRegistry
    function termsHash(ModelId id) external view returns (bytes32) {
        return keccak256(abi.encode(terms(id)));
    }

    /// @inheritdoc IModelRegistry
    function firstBond(ModelId id) external view returns (FirstBond memory) {
        uint256 packed = _read(Clones.fetchCloneArgs(_model(id).shares), ARGS_BOND, BOND_BYTES);
        // the three parts
        // forge-lint: disable-next-line(unsafe-typecast)
        return FirstBond({ since: uint40(packed >> 56), amount: uint40(packed >> 16), epochs: uint16(packed) });
    }

    /// @inheritdoc IModelRegistry
    function royaltyAt(ModelId id, uint64 time) external view returns (uint16) {
        Model storage model = _model(id);
        if (model.royalties.length() == 0) return model.royaltyBps;
        // basis points, as they were pushed
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint16(model.royalties.upperLookup(time));
    }

    /// @inheritdoc IModelRegistry
    function versionCount(ModelId id) external view returns (uint32) {
        return _model(id).versionCount;
    }

    /// @inheritdoc IModelRegistry
    function version(ModelId id, uint32 number) public view returns (bytes32 manifestRoot, string memory metadataURI) {
        Model storage model = _model(id);
        uint32 count = model.versionCount;
        require(number > 0 && number <= count, VersionUnknown(id, number, count));

        if (number == 1) return _firstVersion(model.shares);
        Version storage found = model.laterVersions[number];
        return (found.manifestRoot, found.metadataURI);
    }

    /// @inheritdoc IModelRegistry
    function parents(ModelId id) external view returns (ParentEdge[] memory edges) {
        bytes memory args = Clones.fetchCloneArgs(_model(id).shares);
        edges = new ParentEdge[](uint8(args[ARGS_COUNTS]));
        for (uint256 i; i < edges.length; ++i) {
            uint256 packed = _read(args, ARGS_PARENTS + i * PARENT_BYTES, PARENT_BYTES);
            edges[i] = ParentEdge(ModelId.wrap(packed >> 8), Relation(packed & 0xff));
        }
    }

    /// @inheritdoc IModelRegistry
    function lineage(ModelId id) external view returns (Ancestor[] memory) {
        return _lineage(_model(id));
    }

    /// @inheritdoc IModelRegistry
    function obligations(ModelId id) external view returns (Floors memory floors, uint16 allowedLicence) {
        Model storage model = _model(id);
        return (model.floors, model.allowedLicence);
    }

    /// @inheritdoc IModelRegistry
    function controllerOf(ModelId id) public view returns (address controller) {
        controller = IModelShares(_model(id).shares).controller();
        if (controller == address(0)) controller = GOVERNORS.governorOf(id);
    }

    /// @inheritdoc IModelRegistry
    function shares(ModelId id) external view returns (address) {
        return _model(id).shares;
    }

    /// @inheritdoc IModelRegistry
    function minterNamed(ModelId id, address minter) external view returns (bool) {
        return _model(id).minterNamed[minter];
    }

    /// @inheritdoc IModelRegistry
    function keyPool(ModelId id, uint32 number) external view returns (KeyPool memory) {
        return _model(id).keyPools[number];
    }

    /// @inheritdoc IModelRegistry
    function offer(ModelId id, uint32 number, address minter) external view returns (Offer memory) {
        Model storage model = _model(id);
        return Offer(terms(id), model.retired, model.minterNamed[minter], model.keyPools[number].root);
    }

    /// @notice Metadata URI of the newest version (ERC-721).
    function tokenURI(uint256 tokenId) public view override returns (string memory uri) {
        ModelId id = ModelId.wrap(tokenId);
        (, uri) = version(id, _model(id).versionCount);
    }

    /* INTERNAL */

    /// @dev What a child of these parents inherits. Reverts unless the caller may derive from each of them.
    function _inherit(ParentRef[] calldata refs) private view returns (Inheritance memory inherited) {
        inherited.lineage = new Ancestor[](refs.length * (MAX_ANCESTORS + 1));
        inherited.allowedLicence = LICENCE_KNOWN;
        for (uint256 i; i < refs.length; ++i) {
            for (uint256 j; j < i; ++j) {
                require(!(refs[i].id == refs[j].id), ParentTwice(refs[i].id));
            }
            _inheritFrom(refs[i], inherited);
        }
        (uint256 total, uint256 count) = (0, inherited.count);
        Ancestor[] memory collected = inherited.lineage;
        for (uint256 i; i < count; ++i) {
            total += collected[i].royaltyBps;
        }
        require(count <= MAX_ANCESTORS, TooManyAncestors(count, MAX_ANCESTORS));
        require(total <= MAX_ROYALTY_BPS, RoyaltiesAboveCap(total, MAX_ROYALTY_BPS));
        assembly ("memory-safe") {
            mstore(collected, count)
        }
    }

    function _inheritFrom(ParentRef calldata ref, Inheritance memory inherited) private view {
        Model storage parent = _model(ref.id);
        Terms memory asked = terms(ref.id);
        bytes32 hash = keccak256(abi.encode(asked));
        require(!parent.retired, ModelRetired(ref.id));
        require(asked.licence & LICENCE_DERIVE != 0, NotDerivable(ref.id));
        require(
            asked.licence & LICENCE_FREE_TO_DERIVE != 0 || COPY_REGISTRY.isActiveHolder(ref.copyId, ref.id, msg.sender),
            CopyNotHeld(ref.copyId, ref.id, msg.sender)
        );
        require(hash == ref.termsHash, TermsChanged(ref.id, hash, ref.termsHash));

        Ancestor[] memory ancestors = _lineage(parent);
        for (uint256 i; i < ancestors.length; ++i) {
            _addAncestor(inherited, ancestors[i]);
        }
        if (asked.royaltyBps > 0) _addAncestor(inherited, Ancestor(ref.id, asked.royaltyBps));
        inherited.allowedLicence &= asked.licence;
        Floors memory floors = parent.floors;
        inherited.floors.price = _higher(inherited.floors.price, floors.price, asked.price, asked.floorBps);
        inherited.floors.collateral =
            _higher(inherited.floors.collateral, floors.collateral, asked.collateral, asked.floorBps);
        inherited.floors.fee = _higher(inherited.floors.fee, floors.fee, asked.fee, asked.floorBps);
        // at most one of the three, which fit
        // forge-lint: disable-next-line(unsafe-typecast)
        inherited.floors.leakBps =
            uint16(_higher(inherited.floors.leakBps, floors.leakBps, asked.leakBps, asked.floorBps));
    }

    /// @dev An ancestor counts once, with its larger royalty.
    function _addAncestor(Inheritance memory inherited, Ancestor memory ancestor) private pure {
        for (uint256 i; i < inherited.count; ++i) {
            Ancestor memory known = inherited.lineage[i];
            if (!(known.id == ancestor.id)) continue;
            if (ancestor.royaltyBps > known.royaltyBps) known.royaltyBps = ancestor.royaltyBps;
            return;
        }
        inherited.lineage[inherited.count++] = Ancestor(ancestor.id, ancestor.royaltyBps);
    }

    /// @dev The largest of two floors and `floorBps` of `asked`, rounded up.
    function _higher(uint64 one, uint64 other, uint64 asked, uint16 floorBps) private pure returns (uint64) {
        uint256 own = Math.ceilDiv(uint256(asked) * floorBps, BPS);
        // at most `asked`
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(Math.max(Math.max(one, other), own));
    }

    /// @dev The bond behind a version that is published now.
    function _firstBond() private view returns (FirstBond memory) {
        (uint64 time, uint64 amount, uint64 duration) = PROTOCOL.origin();
        // seconds until the year 36812, and what the bounds of the parameters allow
        // forge-lint: disable-next-line(unsafe-typecast)
        return FirstBond(uint40(time), uint40(amount), uint16(duration / EPOCH_LENGTH));
    }

    /// @dev Clone arguments of the shares.
    function _args(
        ModelId id,
        bytes32 manifestRoot,
        string calldata metadataURI,
        ParentRef[] calldata refs,
        Ancestor[] memory ancestors,
        FirstBond memory bond
    ) private pure returns (bytes memory args) {
        // at most 8 and 16, and model numbers, which count registrations
        // forge-lint: disable-start(unsafe-typecast)
        args = abi.encodePacked(ModelId.unwrap(id), manifestRoot, uint8(refs.length), uint8(ancestors.length));
        args = abi.encodePacked(args, bond.since, bond.amount, bond.epochs);
        for (uint256 i; i < refs.length; ++i) {
            args = abi.encodePacked(args, uint48(ModelId.unwrap(refs[i].id)), refs[i].relation);
        }
        for (uint256 i; i < ancestors.length; ++i) {
            args = abi.encodePacked(args, uint48(ModelId.unwrap(ancestors[i].id)), ancestors[i].royaltyBps);
        }
        // forge-lint: disable-end(unsafe-typecast)
        args = abi.encodePacked(args, metadataURI);
    }

    function _lineage(Model storage model) private view returns (Ancestor[] memory ancestors) {
        uint256 count = model.ancestors;
        ancestors = new Ancestor[](count);
        if (count == 0) return ancestors;
        bytes memory args = Clones.fetchCloneArgs(model.shares);
        uint256 start = ARGS_PARENTS + uint8(args[ARGS_COUNTS]) * PARENT_BYTES;
        for (uint256 i; i < count; ++i) {
            uint256 packed = _read(args, start + i * ANCESTOR_BYTES, ANCESTOR_BYTES);
            // the two lowest bytes
            // forge-lint: disable-next-line(unsafe-typecast)
            ancestors[i] = Ancestor(ModelId.wrap(packed >> 16), uint16(packed));
        }
    }

    /// @dev Number of `length` bytes at an offset.
    function _read(bytes memory data, uint256 offset, uint256 length) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(shl(3, sub(32, length)), mload(add(add(data, 32), offset)))
        }
    }

    /// @dev The record of who made a model never moves.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        require(from == address(0), RecordNotTransferable(ModelId.wrap(tokenId)));
    }

    function _requireVersion(bytes32 manifestRoot, string calldata metadataURI) private pure {
        uint256 length = bytes(metadataURI).length;
        require(manifestRoot != 0, ManifestRootMissing());
        require(length > 0 && length <= MAX_METADATA_URI_LENGTH, MetadataUriLength(length, MAX_METADATA_URI_LENGTH));
    }

    function _firstVersion(address shares_) private view returns (bytes32 manifestRoot, string memory metadataURI) {
        bytes memory args = Clones.fetchCloneArgs(shares_);
        uint256 start =
            ARGS_PARENTS + uint8(args[ARGS_COUNTS]) * PARENT_BYTES + uint8(args[ARGS_COUNTS + 1]) * ANCESTOR_BYTES;
        assembly ("memory-safe") {
            manifestRoot := mload(add(args, 0x40))
            metadataURI := add(args, start)
            mstore(metadataURI, sub(mload(args), start))
        }
    }

    function _setTerms(ModelId id, Terms calldata modelTerms) private {
        require(modelTerms.royaltyBps <= MAX_ROYALTY_BPS, RoyaltyAboveCap(modelTerms.royaltyBps, MAX_ROYALTY_BPS));
        require(modelTerms.floorBps <= BPS, FloorAboveWhole(modelTerms.floorBps, BPS));
        require(modelTerms.leakBps <= BPS, LeakBondAboveWhole(modelTerms.leakBps, BPS));
        require(modelTerms.licence & ~LICENCE_KNOWN == 0, LicenceUnknown(modelTerms.licence, LICENCE_KNOWN));
        Model storage model = _models[id];
        uint16 allowed = model.allowedLicence;
        Floors memory floors = model.floors;
        require(modelTerms.licence & ~allowed == 0, LicenceTooWide(modelTerms.licence, allowed));
        require(modelTerms.price >= floors.price, PriceBelowFloor(modelTerms.price, floors.price));
        require(
            modelTerms.collateral >= floors.collateral, CollateralBelowFloor(modelTerms.collateral, floors.collateral)
        );
        require(modelTerms.fee >= floors.fee, FeeBelowFloor(modelTerms.fee, floors.fee));
        require(modelTerms.leakBps >= floors.leakBps, LeakBondBelowFloor(modelTerms.leakBps, floors.leakBps));

        model.royaltyBps = modelTerms.royaltyBps;
        model.licence = uint8(modelTerms.licence);
        (model.price, model.collateral) = (modelTerms.price, modelTerms.collateral);
        (model.fee, model.floorBps, model.leakBps) = (modelTerms.fee, modelTerms.floorBps, modelTerms.leakBps);
        emit TermsSet(id, ++model.termsVersion, keccak256(abi.encode(modelTerms)), modelTerms);
    }

    function _nameMinter(ModelId id, address minter, bool named) private {
        _models[id].minterNamed[minter] = named;
        emit MinterNamed(id, minter, named);
    }

    function _model(ModelId id) private view returns (Model storage model) {
        model = _models[id];
        require(model.shares != address(0), ModelUnknown(id));
    }
}
