// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "./Types.sol";
import { Copy, ICopyRegistry, OrderRequest, Permit, State } from "./interfaces/ICopyRegistry.sol";
import { IModelRegistry, Terms } from "./interfaces/IModelRegistry.sol";
import { ITreasury } from "./interfaces/ITreasury.sol";
import { Ownable, Ownable2Step } from "@openzeppelin/contracts/access/Ownable2Step.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice The manual is `ICopyRegistry`.
contract CopyRegistry is Ownable2Step, ICopyRegistry {
    using SafeERC20 for IERC20;

    uint64 private constant MAX_WINDOW = 365 days;

    IERC20 private immutable USD;
    IModelRegistry private immutable REGISTRY;
    ITreasury private immutable TREASURY;

    /// @inheritdoc ICopyRegistry
    uint64 public immutable deliverWindow;
    /// @inheritdoc ICopyRegistry
    uint64 public immutable acceptWindow;
    /// @inheritdoc ICopyRegistry
    uint64 public immutable thaw;

    /// @inheritdoc ICopyRegistry
    uint256 public totalCopies;
    /// @inheritdoc ICopyRegistry
    mapping(address account => bool) public isMinter;

    mapping(CopyId id => Copy) private _copies;

    constructor(
        IERC20 usd,
        IModelRegistry registry,
        ITreasury treasury,
        uint64 deliverWindow_,
        uint64 acceptWindow_,
        uint64 thaw_,
        address owner_
    ) Ownable(owner_) {
        USD = usd;
        REGISTRY = registry;
        TREASURY = treasury;
        deliverWindow = _window(deliverWindow_);
        acceptWindow = _window(acceptWindow_);
        thaw = _window(thaw_);

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    /* WRITES */

    /// @inheritdoc ICopyRegistry
    function order(OrderRequest calldata request) external returns (CopyId id) {
        return _order(request);
    }

    /// @inheritdoc ICopyRegistry
    function orderWithPermit(OrderRequest calldata request, Permit calldata permit) external returns (CopyId id) {
        try IERC20Permit(address(USD))
            .permit(msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) { }
            catch { }

        return _order(request);
    }

    /// @inheritdoc ICopyRegistry
    function deliver(CopyId id, bytes32 artifactRoot, bytes32 fingerprintRoot) external {
        Copy storage copy = _inState(id, State.Ordered);
        require(msg.sender == copy.minter, NotMinter(msg.sender, copy.minter));
        require(isMinter[msg.sender], MinterNotAllowed(msg.sender));
        require(_now() <= copy.deliverDeadline, TooLate(_now(), copy.deliverDeadline));
        require(artifactRoot != 0 && fingerprintRoot != 0, RootMissing());

        uint64 acceptDeadline = _now() + acceptWindow;

        copy.state = State.Delivered;
        copy.artifactRoot = artifactRoot;
        copy.fingerprintRoot = fingerprintRoot;
        copy.acceptDeadline = acceptDeadline;
        emit Delivered(id, artifactRoot, fingerprintRoot, acceptDeadline);
    }

    /// @inheritdoc ICopyRegistry
    function accept(CopyId id) external {
        Copy storage copy = _inState(id, State.Delivered);
        require(msg.sender == copy.buyer || _now() > copy.acceptDeadline, NotBuyer(msg.sender, copy.buyer));

        copy.state = State.Active;
        emit Accepted(id);

        TREASURY.pay(copy.modelId, copy.price, copy.minter);
    }

    /// @inheritdoc ICopyRegistry
    function refund(CopyId id) external {
        Copy storage copy = _inState(id, State.Ordered);
        require(_now() > copy.deliverDeadline, TooEarly(_now(), copy.deliverDeadline + 1));

        copy.state = State.Refunded;
        emit Refunded(id);

        USD.safeTransfer(copy.buyer, uint256(copy.price) + copy.collateral);
    }

    /// @inheritdoc ICopyRegistry
    function close(CopyId id) external {
        Copy storage copy = _inState(id, State.Active);
        require(msg.sender == copy.buyer, NotBuyer(msg.sender, copy.buyer));

        uint64 thawEndsAt = _now() + thaw;

        copy.state = State.Closing;
        copy.thawEndsAt = thawEndsAt;
        emit Closing(id, thawEndsAt);
    }

    /// @inheritdoc ICopyRegistry
    function withdraw(CopyId id) external {
        Copy storage copy = _inState(id, State.Closing);
        require(_now() >= copy.thawEndsAt, TooEarly(_now(), copy.thawEndsAt));

        copy.state = State.Closed;
        emit Closed(id);

        USD.safeTransfer(copy.buyer, copy.collateral);
    }

    /// @inheritdoc ICopyRegistry
    function setMinter(address minter, bool allowed) external onlyOwner {
        isMinter[minter] = allowed;
        emit MinterSet(minter, allowed);
    }

    /* VIEWS */

    /// @inheritdoc ICopyRegistry
    function copies(CopyId id) external view returns (Copy memory) {
        return _copies[id];
    }

    /// @inheritdoc ICopyRegistry
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool) {
        Copy storage copy = _copies[id];
        return copy.state == State.Active && copy.modelId == modelId && copy.buyer == account;
    }

    /* INTERNAL */

    function _order(OrderRequest calldata request) private returns (CopyId id) {
        ModelId modelId = request.modelId;
        Terms memory terms = REGISTRY.terms(modelId);
        bytes32 termsHash = keccak256(abi.encode(terms));
        uint32 versionCount = REGISTRY.versionCount(modelId);
        require(!REGISTRY.retired(modelId), ModelRetired(modelId));
        require(
            request.version > 0 && request.version <= versionCount,
            VersionUnknown(modelId, request.version, versionCount)
        );
        require(terms.price <= request.maxPrice, PriceAboveMax(terms.price, request.maxPrice));
        require(termsHash == request.termsHash, TermsChanged(termsHash, request.termsHash));
        require(isMinter[request.minter], MinterNotAllowed(request.minter));
        require(request.buyerSeedHash != 0, BuyerSeedMissing());

        id = CopyId.wrap(++totalCopies);
        Copy storage copy = _copies[id];
        copy.modelId = modelId;
        copy.version = request.version;
        copy.state = State.Ordered;
        copy.buyer = msg.sender;
        copy.minter = request.minter;
        copy.price = terms.price;
        copy.collateral = terms.collateral;
        copy.deliverDeadline = _now() + deliverWindow;
        copy.termsHash = termsHash;
        copy.buyerSeedHash = request.buyerSeedHash;
        emit Ordered(
            id,
            modelId,
            msg.sender,
            request.version,
            request.minter,
            terms.price,
            terms.collateral,
            termsHash,
            request.buyerSeedHash,
            copy.deliverDeadline
        );

        USD.safeTransferFrom(msg.sender, address(this), uint256(terms.price) + terms.collateral);
    }

    function _inState(CopyId id, State needed) private view returns (Copy storage copy) {
        copy = _copies[id];
        require(copy.state == needed, WrongState(id, copy.state, needed));
    }

    function _window(uint64 window) private pure returns (uint64) {
        require(window > 0 && window <= MAX_WINDOW, WindowOutOfRange(window, MAX_WINDOW));
        return window;
    }

    function _now() private view returns (uint64) {
        return uint64(block.timestamp);
    }
}
