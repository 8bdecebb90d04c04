// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IMinterRegistry, Minter } from "../interfaces/IMinterRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { Quote, Quotes } from "../lib/Quotes.sol";
import { CopyId } from "../lib/Types.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @notice See `IMinterRegistry`.
contract MinterRegistry is EIP712, IMinterRegistry {
    using Quotes for Quote;
    using SafeERC20 for IERC20;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ITreasury private immutable TREASURY;
    address private immutable COPY_REGISTRY;

    /// @inheritdoc IMinterRegistry
    mapping(address minter => uint64) public leavesAt;
    /// @inheritdoc IMinterRegistry
    mapping(bytes32 digest => CopyId) public orderOf;

    mapping(address account => Minter) private _minters;

    constructor(IERC20 usd, IProtocol protocol, ITreasury treasury, address copyRegistry) EIP712("Kinmark", "1") {
        USD = usd;
        PROTOCOL = protocol;
        TREASURY = treasury;
        COPY_REGISTRY = copyRegistry;

        usd.forceApprove(address(treasury), type(uint256).max);
    }

    modifier onlyCopyRegistry() {
        require(msg.sender == COPY_REGISTRY, NotCopyRegistry(msg.sender, COPY_REGISTRY));
        _;
    }

    /* WRITES */

    /// @inheritdoc IMinterRegistry
    function addBond(uint96 amount) external {
        Minter storage minter = _minters[msg.sender];

        minter.bond += amount;
        emit BondAdded(msg.sender, amount, minter.bond);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IMinterRegistry
    function join() external {
        PROTOCOL.requireOpen();
        Minter storage minter = _minters[msg.sender];
        uint64 minBond = PROTOCOL.minterBond();
        require(!minter.barred, MinterBarred(msg.sender));
        require(minter.bond >= minBond, BondTooLow(minter.bond, minBond));

        minter.listed = true;
        leavesAt[msg.sender] = 0;
        emit Joined(msg.sender);

        TREASURY.setMinter(msg.sender, true);
    }

    /// @inheritdoc IMinterRegistry
    function resign() external {
        require(_minters[msg.sender].listed, MinterNotListed(msg.sender));

        uint64 notBefore = PROTOCOL.time() + PROTOCOL.thaw();

        _minters[msg.sender].listed = false;
        leavesAt[msg.sender] = notBefore;
        emit Leaving(msg.sender, notBefore);
    }

    /// @inheritdoc IMinterRegistry
    function withdrawBond() external {
        Minter storage minter = _minters[msg.sender];
        uint64 notBefore = leavesAt[msg.sender];
        uint64 time = PROTOCOL.time();
        uint256 bond = minter.bond;
        require(notBefore > 0, NotLeaving(msg.sender));
        require(time >= notBefore, BondThawing(time, notBefore));
        require(minter.reserved == 0, BondReserved(minter.reserved));

        minter.bond = 0;
        leavesAt[msg.sender] = 0;
        emit Left(msg.sender, bond);

        TREASURY.setMinter(msg.sender, false);
        USD.safeTransfer(msg.sender, bond);
    }

    /// @inheritdoc IMinterRegistry
    function setBarred(address account, bool barred) external {
        address owner = Ownable(address(PROTOCOL)).owner();
        require(msg.sender == owner, NotOwner(msg.sender, owner));

        _minters[account].barred = barred;
        emit BarredSet(account, barred);
    }

    /* COPY REGISTRY ONLY */

    /// @inheritdoc IMinterRegistry
    function take(CopyId id, Quote calldata quote, bytes calldata signature) external onlyCopyRegistry {
        Minter memory minter = _minters[quote.minter];
        bytes32 digest = quoteDigest(quote);
        uint96 needed = minter.reserved + quote.penalty;
        require(minter.listed, MinterNotListed(quote.minter));
        require(!minter.barred, MinterBarred(quote.minter));
        require(CopyId.unwrap(orderOf[digest]) == 0, QuoteUsed(digest, orderOf[digest]));
        require(minter.bond >= needed, BondTooLow(minter.bond, needed));
        require(
            SignatureChecker.isValidSignatureNowCalldata(quote.minter, digest, signature),
            QuoteInvalid(quote.minter, digest)
        );

        orderOf[digest] = id;
        _minters[quote.minter].reserved = needed;
    }

    /// @inheritdoc IMinterRegistry
    function release(address account, uint64 penalty) external onlyCopyRegistry {
        _minters[account].reserved -= penalty;
    }

    /// @inheritdoc IMinterRegistry
    function penalize(address account, address buyer, uint64 penalty) external onlyCopyRegistry {
        Minter storage minter = _minters[account];

        // The bond covers all that is reserved (`take`), and does not leave before (`withdrawBond`).
        minter.bond -= penalty;
        minter.reserved -= penalty;
        emit Penalized(account, buyer, penalty, minter.bond);

        TREASURY.payAccount(buyer, penalty);
    }

    /* VIEWS */

    /// @inheritdoc IMinterRegistry
    function minters(address account) external view returns (Minter memory) {
        return _minters[account];
    }

    /// @inheritdoc IMinterRegistry
    function quoteDigest(Quote calldata quote) public view returns (bytes32) {
        return _hashTypedDataV4(quote.hash());
    }
}
